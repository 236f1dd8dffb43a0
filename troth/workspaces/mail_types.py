"""The mails of workspaces."""

from django.utils.translation import gettext_lazy as _

from troth.base.mails import MailKind, MailType, declare_mail

INVITATION = MailType(
    "workspace.invitation",
    label=_("Invitations"),
    words=_("A member asks somebody to join a workspace."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("It goes once to an address that a member types, and holds the link without which nobody can join."),
)


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    declare_mail(INVITATION)
