"""`python -m django demo`: a workspace with people and a connected number, so that the first minute needs no sign-up.

Development only. Safe to repeat: what stands is left as it is. The number is that of the sandbox's demo account; when the
sandbox or the web server does not answer yet, it waits a little, and otherwise leaves a number that is not finished,
which the next start, or the page of the number, completes.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from troth.channels import connecting, registry
from troth.channels.connecting import STEPS
from troth.channels.models import Channel
from troth.workspaces.demo import Demo, NotInProduction, ensure_demo_people
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

# The values of the sandbox's demo account. They mean nothing outside it.
NUMBER_ID = "990100200300411"
ACCOUNT_ID = "990100200300403"
TOKEN = "EAASandboxDemoTokenOfTheSystemUserWhichWorksNowhereElse0001"  # noqa: S105  # opens nothing but the sandbox
APP_SECRET = "5a9d0b0c5e7f4d1aa3b8c6d2e4f60718"  # noqa: S105  # opens nothing but the sandbox

WAIT_S = 10.0
PAUSE_S = 0.25
# The sandbox, or our own door, may still be starting; the door also remembers for some seconds who was unknown.
NOT_YET = frozenset({"unreachable", "no_answer", "meta_down", "unreadable", "callback_unreachable"})


class Command(BaseCommand):
    help = "Makes the demo workspace and connects the sandbox's demo number to it, unless that is done."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", type=float, default=WAIT_S, metavar="SECONDS", help="for the sandbox, at most")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo = ensure_demo_people()
        except NotInProduction:
            raise CommandError("The demo has a known password, so it is for development only.") from None
        if _is_sandbox() and not connect(demo, wait_s=options["wait"]):
            self.stderr.write("The demo number is not connected yet: the sandbox did not answer. Its page tells more.")
        self.stdout.write(f"E-mail     {demo.email}")
        self.stdout.write(f"Password   {demo.password}")


def connect(demo: Demo, *, wait_s: float) -> bool:
    """Connect the demo number through the same steps as anybody's; return whether it is connected."""
    with scope(demo.workspace_id):
        channel = Channel.objects.filter(number_id=NUMBER_ID).first()
        if channel is None:
            channel = _begin(Membership.objects.order_by("id").first())
        elif channel.removed_at is not None:
            return True  # Somebody took it away, and it stays so.
    give_up_at = time.monotonic() + wait_s
    return all(_ask(demo, channel, step, give_up_at=give_up_at) for step in STEPS)


def _begin(owner: Membership | None) -> Channel:
    entered = {"number_id": NUMBER_ID, "account_id": ACCOUNT_ID, "token": TOKEN, "app_secret": APP_SECRET}
    return connecting.begin(**entered, by=owner)


def _ask(demo: Demo, channel: Channel, step: str, *, give_up_at: float) -> bool:
    """Ask one step, again while the other side is still starting. Network first, the transaction after it."""
    with scope(demo.workspace_id):
        link = connecting.link_of(Channel.objects.get(pk=channel.pk))
    while True:
        # The callback changes with the port of this installation: in the sandbox, the newest one wins.
        check = registry.ask(step, link, replace_other=True)
        if check.ok or check.code not in NOT_YET or time.monotonic() > give_up_at:
            break
        time.sleep(PAUSE_S)
    with scope(demo.workspace_id):
        connecting.record(step, check, link=link)
    return check.ok


def _is_sandbox() -> bool:
    return bool(settings.GRAPH_BASE_URL.startswith("http://"))
