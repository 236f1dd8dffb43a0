"""`python -m django usage`: what is used in this installation, for whoever runs it."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from troth.base.clock import now
from troth.privacy.browser.usage.totals import WORKSPACES_MIN, totals


class Command(BaseCommand):
    help = "Print how often parts of the product were used in the last 30 days, where ten workspaces or more used them."

    def handle(self, *args: Any, **options: Any) -> None:
        found = totals(now().date() - timedelta(days=30))
        for day, event, count in found:
            self.stdout.write(f"{day.isoformat()}  {event:28}{count:>8}")
        if not found:
            self.stdout.write(f"Nothing was used by {WORKSPACES_MIN} workspaces on one day.")
