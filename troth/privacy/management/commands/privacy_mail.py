"""`python -m django privacy_mail < mail`: takes in one mail from a mail server's pipe.

For Postfix, in /etc/aliases: `privacy: "|/path/to/troth/.venv/bin/python -m django privacy_mail"`.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from troth.privacy.rights.mailbox import BYTES_MAX, NotAMail, take_in


class Command(BaseCommand):
    help = "Reads one mail (RFC 5322) from standard input and opens a case for it. The same mail again changes nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(BYTES_MAX + 1)
        try:
            case = take_in(raw)
        except NotAMail as trouble:
            raise CommandError(f"This is no mail that could be answered: {trouble}.") from None
        self.stdout.write(case.reference if case else "had")
