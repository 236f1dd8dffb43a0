"""`bin/graph v27.0 --channel ID`: what would differ if `GRAPH_VERSION` were set to another version.

Asks all that Troth asks of Meta about one connected number, in the version that is set and in the other, and says where the
answers differ in their shape. Nothing is changed at Meta; a message is sent only where `--send-to` names somebody.
Ends with 0 where nothing that Troth reads differs, with 1 where something does, with 2 where it could not be tried.
"""

import re
import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from troth.channels.connecting import link_of
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.channels.registry import Difference, try_version
from troth.workspaces.scope import scope

VERSION = re.compile(r"v\d{2,3}\.\d")


class Command(BaseCommand):
    help = "Tries another version of Meta's Graph API on a connected number, and says what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", help="the version to try, such as v27.0")
        parser.add_argument("--channel", required=True, type=UUID, metavar="ID", help="the channel, as in its address")
        parser.add_argument(
            "--against", default=settings.GRAPH_VERSION, metavar="VERSION", help="the one to compare with"
        )
        parser.add_argument(
            "--send-to", default="", metavar="NUMBER", help="send one text to this number (+...) as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        version, against, send_to = options["version"], options["against"], options["send_to"]
        if not VERSION.fullmatch(version) or not VERSION.fullmatch(against):
            raise CommandError("A version looks like v27.0.", returncode=2)
        if send_to and not re.fullmatch(r"\+\d{6,15}", send_to):
            raise CommandError("The number has to be in international form, such as +447700900123.", returncode=2)
        found = try_version(_link(options["channel"]), version, against=against, send_to=send_to)
        for one in found:
            self.stdout.write(f"{_mark(one)}  {one.name}")
            for line in _lines(one):
                self.stdout.write(f"     {line}")
        if all(one.unasked for one in found):
            raise CommandError(f"Nothing could be asked in {against}: look at the number's page first.", returncode=2)
        broken = sum(one.breaks for one in found)
        if broken:
            self.stdout.write(
                f"\n{version} differs from {against} in {broken} of {len(found)} calls. Do not set it yet."
            )
            sys.exit(1)
        self.stdout.write(f"\nAll that Troth reads is the same in {version} as in {against}.")


def _link(channel_id: UUID) -> Link:
    """Return what it takes to speak for a channel of any workspace."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM channel_door(%s)", [channel_id])
        row = cursor.fetchone()
    if row is None:
        raise CommandError(
            "No connected number has this id. It stands in the address of the number's page.", returncode=2
        )
    with scope(row[0]):
        return link_of(Channel.objects.get(pk=channel_id))


def _mark(one: Difference) -> str:
    return "NO " if one.breaks else " ? " if one.unasked else "ok "


def _lines(one: Difference) -> list[str]:
    told = (
        ("could not be asked in the old version", (one.unasked,)),
        ("refused", (one.refused,)),
        ("gone, and Troth reads it", one.gone),
        ("of another kind", one.changed),
        ("gone, not read by Troth", one.also_gone),
        ("new", one.also_new),
    )
    return [f"{words}: {', '.join(keys)}" for words, keys in told if any(keys)]
