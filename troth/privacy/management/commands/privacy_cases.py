"""`python -m django privacy_cases`: the requests to whoever runs this installation, and what can be done about them."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.urls import reverse

from troth.audit.record import Actor
from troth.base.clock import now
from troth.privacy.models import OperatorCase
from troth.privacy.rights.cases import CannotClose, CannotExtend, close, extend
from troth.privacy.rights.forwarding import CannotForward, forward, log_call
from troth.privacy.rights.kinds import Kind, Outcome, Refusal


class Command(BaseCommand):
    help = "Lists open requests; shows, hands on, extends or closes one; notes a phone call."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act")
        acts.add_parser("list")
        show = acts.add_parser("show", help="show what was asked, in the person's own words")
        hand_on = acts.add_parser("forward", help="hand a request on to the workspace that it is about")
        longer = acts.add_parser("extend", help="take sixty days more, once")
        end = acts.add_parser("close", help="say how it ended")
        call = acts.add_parser("call", help="note a phone call; prints the link to give to whoever called")
        for one in (show, hand_on, longer, end):
            one.add_argument("reference")
        hand_on.add_argument("handle", help="the word that stands for the workspace in addresses")
        longer.add_argument("reason")
        end.add_argument("outcome", choices=Outcome.values)
        end.add_argument("--reason", choices=Refusal.values, default="")
        call.add_argument("kind", choices=Kind.values)
        call.add_argument("words")
        call.add_argument("--language", default="en")
        call.add_argument("--handle", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        act = {"show": self._show, "forward": self._forward, "extend": self._extend, "close": self._close}
        act |= {"call": self._call}
        try:
            with transaction.atomic():
                act.get(options["act"] or "list", self._list)(options)
        except (CannotClose, CannotExtend, CannotForward) as no:
            raise CommandError(f"That cannot be done with this request now ({type(no).__name__}).") from None

    def _list(self, options: dict[str, Any]) -> None:
        at = now()
        for case in OperatorCase.objects.filter(closed_at=None).order_by("due_at"):
            late = "LATE" if case.is_late(at=at) else f"{case.days_left(at=at)} days left"
            hand_on = f", hand on by {case.forward_by:%Y-%m-%d}" if case.forward_by and not case.forwarded_at else ""
            hand_on += " (LATE)" if case.is_late_to_hand_on(at=at) else ""
            self.stdout.write(f"{case.reference}  {case.kind}  {case.route}  {late}{hand_on}")

    def _show(self, options: dict[str, Any]) -> None:
        case = self._find(options["reference"])
        self.stdout.write(f"{case.kind} {case.route} opened {case.opened_at:%Y-%m-%d} due {case.due_at:%Y-%m-%d}")
        self.stdout.write(f"{case.address or ''}\n{case.words or ''}")

    def _forward(self, options: dict[str, Any]) -> None:
        forward(self._find(options["reference"]).pk, to=workspace_of(options["handle"]), by=Actor.system())

    def _extend(self, options: dict[str, Any]) -> None:
        extend(self._find(options["reference"]), reason=options["reason"], by=Actor.system())

    def _close(self, options: dict[str, Any]) -> None:
        found = self._find(options["reference"])
        close(found, outcome=Outcome(options["outcome"]), refusal=options["reason"], by=Actor.system())

    def _call(self, options: dict[str, Any]) -> None:
        about = workspace_of(options["handle"]) if options["handle"] else None
        token = log_call(
            options["kind"], options["words"], by=Actor.system(), language=options["language"], workspace_id=about
        )
        self.stdout.write(settings.BASE_URL + reverse("status", args=[token]))

    def _find(self, reference: str) -> OperatorCase:
        for case in OperatorCase.objects.filter(closed_at=None):
            if case.reference == reference.upper():
                return case
        raise CommandError("There is no open request with this reference.")


def workspace_of(handle: str) -> UUID:
    """Return the workspace that a handle stands for. Raises: CommandError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM workspace_by_handle(%s)", [handle])
        row = cursor.fetchone()
    if row is None:
        raise CommandError("There is no workspace with this handle.")
    found: UUID = row[0]
    return found
