"""`python -m django staff add EMAIL`: who is of the staff. Only on the machine; there is no page for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from troth.support.models import StaffMember, StaffRole
from troth.support.people import Unknown, add_staff, remove_staff


class Command(BaseCommand):
    help = "add EMAIL [--role support|security|legal], remove EMAIL, list. Staff see nothing by being staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["add", "remove", "list"])
        parser.add_argument("email", nargs="?")
        parser.add_argument("--role", choices=StaffRole.values, default=StaffRole.SUPPORT.value)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "list":
            return self.list_all()
        if not options["email"]:
            raise CommandError("Name the address with which the person signs in.")
        try:
            if options["what"] == "add":
                self.add(options["email"], StaffRole(options["role"]))
            else:
                remove_staff(options["email"])
                self.stdout.write("Removed. Every door is shut to them from now on.")
        except Unknown:
            raise CommandError(
                "Nobody of that address: for adding, the person signs up as everybody does and proves the address first."
            ) from None

    def add(self, email: str, role: StaffRole) -> None:
        """Add somebody, and say what to do next."""
        add_staff(email, role)
        self.stdout.write(
            f"Added, for {role.value}. Now they sign in, set up an authenticator app or a passkey under\n"
            "/account/security/, and open /staff/. The door asks for that second factor each time: it falls shut after\n"
            "15 minutes without a step, and after 8 hours.\n"
            "Break-glass and disclosures take two people: add at least two for security or legal (docs/support.md)."
        )

    def list_all(self) -> None:
        """List everybody by id of the user and role; addresses stay out of terminals' histories."""
        for staff in StaffMember.objects.filter(removed_at=None).order_by("id"):
            self.stdout.write(f"{staff.user_id}  {staff.role}  since {staff.added_at:%Y-%m-%d}")
