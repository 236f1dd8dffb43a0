"""`python -m django keys`: what an operator does with keys."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from troth.accounts.second_factor import reseal_second_factors
from troth.base.keystore import KeysDamaged, KeysMissing
from troth.base.sealing import CHECK_EVERY_S, INSTALLATION, forget_ring, store
from troth.workspaces.resealing import reseal


class Command(BaseCommand):
    help = (
        "check: open every ring. rotate: give every ring (or --ring) a new data key, seal everything again under it and"
        " drop the old one; safe while everything runs. rewrap: replace the master key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "rotate", "rewrap"])
        parser.add_argument("--ring", help="a workspace's id, or 'installation'")

    def handle(self, *args: Any, **options: Any) -> None:
        rings = [options["ring"]] if options["ring"] else store().rings()
        try:
            {"check": self.open_all, "rotate": self.rotate, "rewrap": self.rewrap}[options["what"]](rings)
        except (KeysMissing, KeysDamaged) as trouble:
            raise CommandError(
                f"The key store refused: {trouble}. Nothing was lost; check the keys folder."
            ) from trouble

    def open_all(self, rings: list[str]) -> None:
        """Open every ring."""
        for name in rings:
            store().load(name)
        self.stdout.write(f"{len(rings)} rings open.")

    def rotate(self, rings: list[str]) -> None:
        """Give each ring a new data key and seal everything again."""
        for name in rings:
            store().rotate(name)
            forget_ring(name)
        # Until every process has seen the new keys, some still seal with the old ones.
        self.pause(CHECK_EVERY_S * 2)
        for name in rings:
            count = reseal(name) + (reseal_second_factors() if name == INSTALLATION else 0)
            store().retire(name)
            forget_ring(name)
            self.stdout.write(f"{name}: {count} values sealed again.")

    def pause(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def rewrap(self, rings: list[str]) -> None:
        """Replace the master key."""
        self.stdout.write(f"{store().rewrap()} rings wrapped under a new master key.")
