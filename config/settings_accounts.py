"""Settings of signing up, signing in and mail. Read by settings.py, which imports everything here."""

import os
from datetime import timedelta

YEARS_OLD_MIN = 16

# Sessions. The cookie lives as long as the session can; both ends are kept on the server.
SESSION_IDLE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=14)

# Attempts are counted here by all processes together. Keys are hashed: they contain addresses of browsers.
CACHES = {
    "default": {
        "BACKEND": "troth.accounts.cache.TableCache",
        "KEY_FUNCTION": "troth.accounts.cache.hashed_key",
        "TIMEOUT": 3600,
    }
}

# We speak no TLS ourselves: where people reach us by https there is a proxy, and its word on the browser's address counts.
_proxies = "1" if os.environ.get("TROTH_BASE_URL", "").startswith("https://") else "0"
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TROTH_TRUSTED_PROXIES", "") or _proxies)

ACCOUNT_ADAPTER = "troth.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "signup": "troth.workspaces.forms.signup.CompanySignupForm",
    "confirm_email_verification_code": "troth.accounts.forms.codes.ConfirmEmailForm",
    "change_password": "troth.accounts.forms.passwords.ChangePasswordForm",
    "reset_password_from_key": "troth.accounts.forms.passwords.NewPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = "troth.accounts.adapter.display_name"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300

# Codes that are typed into the browser that asked, rather than links: nothing secret stands in an address, and
# whoever signs up with somebody else's address cannot have it proven by that somebody's click.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
# Resetting a password is one factor; the second one is asked for at the log-in that follows.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False

# Mails with codes to one address: enough for a slip, too few to bury a mailbox. The rest is allauth's own choice.
ACCOUNT_RATE_LIMITS = {"confirm_email": "5/10m/key,20/m/ip"}

MFA_ADAPTER = "troth.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "troth.accounts.forms.second_factor.CodeForm",
    "reauthenticate": "troth.accounts.forms.second_factor.CodeAgainForm",
    "add_webauthn": "troth.accounts.forms.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "troth.accounts.forms.passkeys.UsePasskeyForm",
    "reauthenticate_webauthn": "troth.accounts.forms.passkeys.ReusePasskeyForm",
    "edit_webauthn": "troth.accounts.forms.passkeys.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TOTP_ISSUER = "Troth"
MFA_TOTP_TOLERANCE = 1
# A browser offers passkeys on http only at localhost, where the origin is not an https one.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("TROTH_ENV", "production") in ("development", "test")

# smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465.
SMTP_URL = os.environ.get("TROTH_SMTP_URL", "")

# How mail leaves: resend, smtp or folder (development only). Without a word: by what is configured.
MAIL = os.environ.get("TROTH_MAIL", "")
RESEND_API_KEY = os.environ.get("RESEND_API_KEY", "")
RESEND_WEBHOOK_SECRETS = os.environ.get("RESEND_WEBHOOK_SECRET", "").split()
# Not from the environment: mail goes there and nowhere else.
RESEND_URL = "https://api.resend.com/"
RESEND_TRUSTED: tuple[tuple[str, int], ...] = ()
