"""The mails about cases and copies. They say that there is something to look at, never what: no name, no word of a request.

Each has a kind (MAILS), by which people and the list of mails can tell them apart.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.accounts.mail import send
from troth.accounts.models import User
from troth.base.mails import MailKind, MailType, declare_mail
from troth.privacy.models import Case, Export
from troth.privacy.models.case import AnyCase
from troth.privacy.models.export import AnyExport
from troth.workspaces.models import Membership, Role, Workspace

_LAW = gettext_lazy("The law gives a month to answer, and it is the owners who have to.")
_ASKED = gettext_lazy("Whoever gets it asked for it.")
MAILS = {
    "case_opened": (gettext_lazy("Somebody asked something about their data"), gettext_lazy("To owners."), _LAW),
    "case_alarm": (gettext_lazy("A request about data is due soon, or late"), gettext_lazy("To owners."), _LAW),
    "case_heard": (gettext_lazy("We got a request by mail"), gettext_lazy("To whoever wrote it."), _ASKED),
    "export_ready": (gettext_lazy("A copy of data is ready"), gettext_lazy("To whoever asked for it."), _ASKED),
}
TYPES = {
    key: MailType(f"privacy.{key}", label=label, words=to, choosable=False, kind=MailKind.TRANSACTIONAL, why=why)
    for key, (label, to, why) in MAILS.items()
}


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for kind in TYPES.values():
        declare_mail(kind)


def tell_owners_of_case(case: Case) -> None:
    """Tell the workspace's owners that there is a new request."""
    for owner in owners():
        with translation.override(owner.language or "en"):
            words = {"url": _url(reverse("rights:case", args=[_handle(), case.pk])), "by": f"{case.due_at:%Y-%m-%d}"}
            text = _("Somebody asked something about their data.\n\nAnswer by %(by)s, here:\n%(url)s\n") % words
            _send("case_opened", owner.email, _("A request about data (%(ref)s)") % {"ref": case.reference}, text)


def tell_owners_of_alarm(case: Case, *, days_left: int) -> None:
    """Tell the workspace's owners that a request is due soon, or late."""
    for owner in owners():
        with translation.override(owner.language or "en"):
            words = {"url": _url(reverse("rights:case", args=[_handle(), case.pk]))}
            text = _("It can be answered in two minutes, here:\n%(url)s\n") % words
            _send("case_alarm", owner.email, _alarm(case, days_left), text)


def tell_operator_of_alarm(case: AnyCase, *, days_left: int, to_hand_on: bool = False) -> None:
    """Tell whoever runs the installation that a request to them is due soon, or late, or late to be handed on."""
    if settings.PRIVACY_MAIL:
        text = _("List the open requests with: python -m django privacy_cases\n")
        late = _("A request about data should have been handed on by now (%(ref)s)") % {"ref": case.reference}
        _send("case_alarm", settings.PRIVACY_MAIL, late if to_hand_on else _alarm(case, days_left), text)


def tell_operator_of_case(case: AnyCase) -> None:
    """Tell whoever runs the installation that there is a new request to them."""
    if settings.PRIVACY_MAIL:
        text = _("List the open requests with: python -m django privacy_cases\n")
        subject = _("A request about data (%(ref)s)") % {"ref": case.reference}
        _send("case_opened", settings.PRIVACY_MAIL, subject, text)


def tell_export_is_ready(export: AnyExport) -> None:
    """Tell whoever asked for a copy that it can be fetched."""
    if isinstance(export, Export):
        if export.made_by is None or export.made_by.removed_at is not None:
            return
        person: User = export.made_by.user
        url = _url(reverse("rights:export", args=[_handle(), export.pk]))
    else:
        person, url = export.user, _url(reverse("rights_personal:mine"))
    with translation.override(person.language or export.language):
        text = _("The copy that you asked for is ready. It can be fetched once, within 72 hours:\n%(url)s\n") % {
            "url": url
        }
        _send("export_ready", person.email, _("A copy of data is ready"), text)


def answer_mail(*, to: str, subject: str, text: str, answers: str | None) -> None:
    """Answer a mail to the privacy address. It is marked as automatic, so that machines do not answer it."""
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    if answers:
        headers |= {"In-Reply-To": answers, "References": answers}
    _send("case_heard", to, subject, text, headers=headers)


def owners() -> Iterable[User]:
    """Return the owners of the workspace in scope."""
    found = Membership.objects.filter(role=Role.OWNER, removed_at=None, user__is_active=True).select_related("user")
    return [one.user for one in found]


def _alarm(case: AnyCase, days_left: int) -> str:
    if days_left < 0:
        return _("A request about data is late (%(ref)s)") % {"ref": case.reference}
    words = {"ref": case.reference, "days": days_left}
    return _("%(days)s days left for a request about data (%(ref)s)") % words


def _send(kind: str, to: str, subject: str, text: str, *, headers: dict[str, str] | None = None) -> None:
    send(TYPES[kind], to=to, subject=subject, text=text, headers=headers)


def _url(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def _handle() -> str:
    return Workspace.current().handle
