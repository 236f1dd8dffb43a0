"""`python -m django audit verify`: do all chains hold, by themselves and against what was anchored outside?"""

from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from troth.audit.anchors import heads, read_anchors, write_anchors
from troth.audit.verify import Anchors, Verdict, entries_of_chain, verify
from troth.workspaces.scope import scope


class Command(BaseCommand):
    help = "verify: follow every chain and compare it with the anchors (--anchors FILE). anchor: write the heads now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "anchor"])
        parser.add_argument("--anchors", type=Path, help="another anchor file than the installation's own")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "anchor":
            self.stdout.write(f"{write_anchors()} chains anchored.")
            return
        anchors = read_anchors(options["anchors"])
        chains = {head.workspace_id for head in heads()} | set(anchors)
        broken = [line for chain in chains if (line := _told(chain, _verdict(chain, anchors.get(chain, {}))))]
        if broken:
            raise CommandError("\n".join(sorted(broken)))
        self.stdout.write(f"{len(chains)} chains hold, {sum(map(len, anchors.values()))} anchors agree.")


def _verdict(chain: UUID | None, anchors: Anchors) -> Verdict:
    with scope(chain) if chain else nullcontext():
        return verify(entries_of_chain(), anchors=anchors)


def _told(chain: UUID | None, verdict: Verdict) -> str:
    if verdict.holds:
        return ""
    return f"{chain or 'installation'}: BROKEN at entry {verdict.at_number}: {verdict.problem}"
