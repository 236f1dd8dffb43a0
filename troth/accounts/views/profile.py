"""Name and phone of the person who is signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from troth.accounts.access import PersonRequest, person_view
from troth.accounts.forms.profile import ProfileForm


@person_view
def profile(request: PersonRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account_profile")
    return render(request, "account/profile.html", {"form": form})
