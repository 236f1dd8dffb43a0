"""The mail service that an operator may choose instead of a mail server of their own."""

from troth.base.http.hosts import Host, declare_host


def _(english: str) -> str:
    """Return the text as it is: the name is what the collector of translations looks for."""
    return english


RESEND = Host(
    name="api.resend.com",
    of="Resend",
    purpose=_(
        "To deliver mails to members, where the operator has chosen Resend instead of a mail server of their own"
    ),
    sends=(
        _("The e-mail address of the member or invited person"),
        _("The mail itself: what happened and a link; never a customer's name, number or words"),
    ),
    where=_("United States and the European Union"),
    part="mail.resend",
)


def declare() -> None:
    """Allow it. Called once, when the app is ready."""
    declare_host(RESEND)
