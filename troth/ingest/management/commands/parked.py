"""`python -m django parked`: the deliveries that could not be read; `--again` lets the lane try them once more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from troth.ingest.poison import offer_again, parked


class Command(BaseCommand):
    help = "Lists deliveries that were put aside because they could not be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="try them all once more")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = parked()
        for id in ids:
            self.stdout.write(str(id))
        self.stdout.write(f"{len(ids)} parked")
        if options["again"]:
            self.stdout.write(f"{offer_again(ids)} will be tried again")
