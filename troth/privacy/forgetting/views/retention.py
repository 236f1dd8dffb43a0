"""How long a workspace keeps each class of data: the rules, what one would delete, saving and taking back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.base.clock import now
from troth.privacy.forgetting import retention
from troth.privacy.forgetting.classes import CLASSES, KeptClass
from troth.privacy.forgetting.forms.retention import RetentionForm
from troth.privacy.models import RetentionRule
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
def index(request: MemberRequest) -> HttpResponse:
    """Show every class with its rule."""
    rules = {rule.kept: rule for rule in RetentionRule.objects.all()}
    return render(request, "forgetting/retention.html", {"classes": [_row(key, rules.get(key)) for key in CLASSES]})


@member_view(role=Role.ADMIN)
def rule(request: MemberRequest) -> HttpResponse:
    """Say what a rule would delete, before it is saved; on POST save it."""
    one = _named(request)
    if one is None:
        return redirect("forgetting:retention", request.workspace.handle)
    given = request.POST if request.method == "POST" else request.GET
    form = RetentionForm(given, days=retention.days_of(one.key))
    if not form.is_valid():
        return render(request, "forgetting/rule.html", {"form": form, "one": one}, status=422)
    days = form.cleaned_data["days"]
    if request.method == "POST":
        return _save(request, one, days)
    shown = {"form": form, "one": one, "days": days, "preview": retention.preview(one.key, days=days)}
    return render(request, "forgetting/rule.html", shown)


def _save(request: MemberRequest, one: KeptClass, days: int | None) -> HttpResponse:
    saved = retention.change(one.key, days=days, by=request.member)
    if saved.acts_from > now():
        messages.success(
            request, _("Saved. Nothing is deleted for the next 24 hours; until then you can take it back.")
        )
    else:
        messages.success(request, _("Saved."))
    return redirect("forgetting:retention", request.workspace.handle)


@require_POST
@member_view(role=Role.ADMIN)
def take_back(request: MemberRequest) -> HttpResponse:
    """Go back to the rule before."""
    named = _named(request)
    found = RetentionRule.objects.filter(kept=named.key).first() if named is not None else None
    if found is None:
        raise Http404
    if retention.take_back(found, by=request.member):
        messages.success(request, _("Taken back."))
    else:
        messages.error(request, _("The rule acts already. Choose another one."))
    return redirect("forgetting:retention", request.workspace.handle)


def _named(request: MemberRequest) -> KeptClass | None:
    given = request.POST if request.method == "POST" else request.GET
    return CLASSES.get(given.get("kept", ""))


def _row(key: str, rule: RetentionRule | None) -> dict[str, Any]:
    waits = rule is not None and rule.acts_from > now()
    return {
        "key": key,
        "one": CLASSES[key],
        "days": retention.in_effect(rule, at=now()) if rule else None,
        "soon": rule.days if rule and waits else None,
        "acts_from": rule.acts_from if rule and waits else None,
        "form": RetentionForm(days=rule.days if rule else None, auto_id=f"{key}-%s"),
    }
