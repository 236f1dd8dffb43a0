"""The mails about a person's account. allauth names a mail by its template; each of them has a type here."""

from django.utils.translation import gettext_lazy as _

from troth.base.mails import MailKind, MailType, declare_mail

CODE = MailType(
    "account.code",
    label=_("Codes"),
    words=_("A code that you ask for: to prove an address or to choose a new password."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("It comes only when you ask for it, and without it you cannot go on."),
)
SECURITY = MailType(
    "account.security",
    label=_("Changes to how you sign in"),
    words=_("Your password, address, authenticator app, recovery codes or a passkey was changed."),
    choosable=False,
    kind=MailKind.SECURITY,
    why=_("It tells you at once if somebody else made the change, so it always comes."),
)
ATTEMPT = MailType(
    "account.attempt",
    label=_("Somebody used your address"),
    words=_("Somebody tried to sign up or to reset a password with an address, and it did not fit."),
    choosable=False,
    kind=MailKind.SECURITY,
    why=_("The page must not tell whether an address has an account, so only a mail can."),
)

OF_TEMPLATES = {
    "account/email/email_confirmation": CODE,
    "account/email/email_confirmation_signup": CODE,
    "account/email/password_reset_code": CODE,
    "account/email/account_already_exists": ATTEMPT,
    "account/email/unknown_account": ATTEMPT,
    "account/email/email_changed": SECURITY,
    "account/email/email_deleted": SECURITY,
    "account/email/password_changed": SECURITY,
    "account/email/password_reset": SECURITY,
    "account/email/password_set": SECURITY,
    "mfa/email/recovery_codes_generated": SECURITY,
    "mfa/email/totp_activated": SECURITY,
    "mfa/email/totp_deactivated": SECURITY,
    "mfa/email/webauthn_added": SECURITY,
    "mfa/email/webauthn_removed": SECURITY,
}


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for kind in (CODE, SECURITY, ATTEMPT):
        declare_mail(kind)
