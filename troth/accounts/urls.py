"""Addresses of the person: signing up and in, proofs of identity, profile. allauth's names are kept, since it uses them.

Only the views that we offer are here. allauth protects its own; the marks say so to the test that asks every address.
"""

from typing import cast

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, URLResolver, path

from troth.accounts.access import View, person_view, public_view
from troth.accounts.views import logout, notifications, preferences, profile, security, sessions, terms
from troth.accounts.views.signup import SignupView

signing_in = public_view("signing in and up happens before one is known")

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", signing_in(account.login), name="account_login"),
    path("logout/", logout.logout, name="account_logout"),
    path("signup/", signing_in(cast(View, SignupView.as_view())), name="account_signup"),
    path("terms/", terms.terms, name="account_terms"),
    path("inactive/", signing_in(account.account_inactive), name="account_inactive"),
    path("address/", signing_in(account.email_verification_sent), name="account_email_verification_sent"),
    path("password/reset/", signing_in(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/code/",
        signing_in(account.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/new/", signing_in(account.complete_password_reset), name="account_complete_password_reset"),
    path(
        "password/reset/done/",
        signing_in(account.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("second-factor/", signing_in(second_factor.authenticate), name="mfa_authenticate"),
    path("passkey/", signing_in(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("reauthenticate/", person_view(account.reauthenticate), name="account_reauthenticate"),
    path("reauthenticate/code/", person_view(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", person_view(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("profile/", profile.profile, name="account_profile"),
    path("preferences/", preferences.preferences, name="account_preferences"),
    path("notifications/", notifications.notifications, name="account_notifications"),
    path("notifications/arrival/", notifications.arrival, name="account_arrival"),
    path("notifications/<str:key>/<slug:wish>/", notifications.choice, name="account_notification"),
    path("email/", person_view(account.email), name="account_email"),
    path("security/", security.security, name="account_security"),
    # Where allauth returns to after a change.
    path("security/", security.security, name="mfa_index"),
    path("security/", security.security, name="mfa_list_webauthn"),
    path("password/", person_view(account.password_change), name="account_change_password"),
    path("password/set/", person_view(account.password_set), name="account_set_password"),
    path("totp/activate/", person_view(totp.activate_totp), name="mfa_activate_totp"),
    path("totp/deactivate/", person_view(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", person_view(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        person_view(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/add/", person_view(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", person_view(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/rename/", person_view(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("sessions/<uuid:session_id>/end/", sessions.end, name="account_end_session"),
    path("sessions/end-others/", sessions.end_others, name="account_end_other_sessions"),
]
