"""How the person who is signed in likes the product: language, theme, keys."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from troth.accounts.access import PersonRequest, person_view
from troth.accounts.forms.profile import PreferencesForm
from troth.accounts.looks import show_looks


@person_view
def preferences(request: PersonRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language or translation.get_language()):
            messages.success(request, _("Saved."))
        response = redirect("account_preferences")
        show_looks(response, user)
        return response
    return render(request, "account/preferences.html", {"form": form})
