"""What this part fills in for floors below it."""

from troth.accounts.terms import register_version
from troth.privacy.policy import force, looks, notices
from troth.privacy.policy.acknowledgements import notice
from troth.ui.slots import register_notice


def connect() -> None:
    """Say which policy is in force, show the banner of a new one, and look at the installation with the other probes."""
    register_version(lambda: force.in_force().name)
    register_notice(notice)
    looks.register()
    notices.declare_mails()
