"""Who may open which address of the inbox, channels, workspaces and accounts."""

from typing import Any

from tests.cast import PASSWORD
from tests.house.authz import NOT_ALLOWED, PERSON, PUBLIC, SELF, Line, act, form_page, page, public
from tests.house.two_houses import Kept
from troth.workspaces.models import Role

VIEWER, AGENT, ADMIN, OWNER = Role.VIEWER, Role.AGENT, Role.ADMIN, Role.OWNER
_SETTINGS = "w/<slug:handle>/settings/"
_CHANNEL = "w/<slug:handle>/channels/<uuid:channel_id>/"
_THREAD = "w/<slug:handle>/inbox/<uuid:conversation_id>/"


def _entered(kept: Kept) -> dict[str, Any]:
    return {
        "number_id": "555555555555555",
        "account_id": "666666666666666",
        "token": "EAA" + "x" * 30,
        "app_secret": "f" * 32,
        "name": "Second number",
    }


LINES: dict[str, Line] = {
    # Workspaces
    "w/<slug:handle>/": page(VIEWER, status=302),
    _SETTINGS: page(VIEWER),
    f"{_SETTINGS}name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_SETTINGS}members/": page(VIEWER),
    f"{_SETTINGS}members/leave/": act(VIEWER),
    f"{_SETTINGS}members/<uuid:membership_id>/role/": act(ADMIN, lambda kept: {"role": "viewer"}),
    f"{_SETTINGS}members/<uuid:membership_id>/remove/": act(ADMIN),
    f"{_SETTINGS}invitations/": act(ADMIN, lambda kept: {"email": "new@example.test", "role": "agent"}),
    f"{_SETTINGS}invitations/<uuid:invitation_id>/resend/": act(ADMIN),
    f"{_SETTINGS}invitations/<uuid:invitation_id>/revoke/": act(ADMIN),
    f"{_SETTINGS}teams/": page(VIEWER),
    f"{_SETTINGS}teams/new/": act(ADMIN, lambda kept: {"name": "Another team"}),
    f"{_SETTINGS}teams/<uuid:team_id>/": page(ADMIN),
    f"{_SETTINGS}teams/<uuid:team_id>/name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_SETTINGS}teams/<uuid:team_id>/members/": act(ADMIN, lambda kept: {"members": [kept.ids["member idle"]]}),
    f"{_SETTINGS}teams/<uuid:team_id>/delete/": act(ADMIN),
    # Channels
    "w/<slug:handle>/channels/": page(VIEWER),
    "w/<slug:handle>/channels/connect/": form_page(ADMIN, _entered),
    _CHANNEL: page(VIEWER),
    f"{_CHANNEL}connect/": page(ADMIN),
    f"{_CHANNEL}checks/": act(ADMIN),
    f"{_CHANNEL}checks/<slug:step>/": act(ADMIN),
    f"{_CHANNEL}arrival/": page(ADMIN, status=302),
    f"{_CHANNEL}name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_CHANNEL}sight/": act(ADMIN, lambda kept: {"open_to": "chosen", "members": [kept.ids["member idle"]]}),
    f"{_CHANNEL}token/": act(ADMIN, lambda kept: {"token": "EAA" + "y" * 30}),
    f"{_CHANNEL}secret/": act(ADMIN, lambda kept: {"app_secret": "e" * 32}),
    f"{_CHANNEL}secret/previous/": act(ADMIN),
    f"{_CHANNEL}removal/": act(ADMIN),
    # Inbox
    "w/<slug:handle>/inbox/": page(VIEWER),
    "w/<slug:handle>/gaps/": page(VIEWER),
    _THREAD: page(VIEWER),
    f"{_THREAD}messages/": act(AGENT, lambda kept: {"text": "An answer"}),
    f"{_THREAD}messages/<uuid:message_id>/offer/": act(AGENT, status=200),
    f"{_THREAD}closure/": act(AGENT),
    f"{_THREAD}reopening/": act(AGENT, prepare=lambda kept: kept.close_conversation()),
    f"{_THREAD}assignment/": act(AGENT, lambda kept: {"member": kept.ids["member admin"]}),
    f"{_THREAD}unread/": act(AGENT, prepare=lambda kept: kept.read_conversation()),
    f"{_THREAD}reading/": act(AGENT, lambda kept: {"up_to": kept.ids["incoming"]}, status=204),
    f"{_THREAD}draft/": Line(AGENT, {"PUT": 204}, lambda kept: {"text": "Begun anew"}),
    # People and their workspaces
    "": page(PERSON, status=302),
    "workspaces/": page(PERSON),
    "workspaces/menu/": page(PERSON),
    "workspaces/new/": form_page(PERSON, lambda kept: {"name": "A new company"}),
    "join/": public(404, why="the browser carries no invitation"),
    "join/decline/": Line(PUBLIC, {"POST": 302}, changes=False),
    "join/<str:token>/": public(302, names=lambda kept: {"token": kept.ids["token"]}, why="the link's secret is kept"),
    "join/accept/": act(PERSON, status=404, changes=False, why="the browser carries no invitation"),
    "account/profile/": form_page(PERSON, lambda kept: {"name": "Another name", "phone": ""}),
    "account/preferences/": form_page(PERSON, lambda kept: {"language": "en", "theme": "dark"}),
    "account/security/": page(PERSON),
    "account/sessions/<uuid:session_id>/end/": act(SELF),
    "account/sessions/end-others/": act(PERSON, prepare=lambda kept: kept.sign_everybody_in_elsewhere()),
    # allauth's own: each guards itself, and asks for a fresh proof of who one is (which our actors have just given)
    "account/login/": public(302, anonymous=200),
    "account/signup/": public(302, anonymous=200),
    "account/logout/": Line(
        PUBLIC, {"GET": 200, "POST": 302}, anonymous={"GET": 302, "POST": 302}, why="it ends the session"
    ),
    "account/terms/": public(200),
    "account/inactive/": public(200, post=NOT_ALLOWED),
    "account/address/": public(302),
    "account/password/reset/": public(200, why="the form is empty"),
    "account/password/reset/code/": public(302, why="nothing was asked for in this browser"),
    "account/password/reset/new/": public(302, why="nothing was asked for in this browser"),
    "account/password/reset/done/": public(200, post=NOT_ALLOWED),
    "account/second-factor/": public(302, why="no log-in is under way in this browser"),
    "account/passkey/": public(302, why="signed in already, or to the log-in page"),
    "account/reauthenticate/": form_page(PERSON, lambda kept: {"password": PASSWORD}, changes=False),
    "account/reauthenticate/code/": page(PERSON, status=302, why="nobody here has an authenticator app"),
    "account/reauthenticate/passkey/": page(PERSON, others=(302,), why="without an answer from a passkey, back again"),
    "account/password/": form_page(PERSON, lambda kept: {"oldpassword": PASSWORD, "password1": "another long one"}),
    "account/password/set/": page(PERSON, status=302, why="everybody here has a password"),
    "account/email/": form_page(PERSON, lambda kept: {"email": "elsewhere@example.test", "action_add": ""}),
    "account/totp/activate/": form_page(
        PERSON, lambda kept: {"code": "1"}, status=200, changes=False, why="wrong code"
    ),
    "account/totp/deactivate/": page(PERSON, status=404, why="nobody here has an authenticator app"),
    "account/recovery-codes/": page(PERSON, status=404, why="nobody here has recovery codes"),
    "account/recovery-codes/generate/": Line(PERSON, {"GET": 200, "POST": 302, "PUT": 302}),
    "account/passkeys/add/": form_page(PERSON, lambda kept: {"credential": "{}"}, status=200, changes=False),
    "account/passkeys/<int:pk>/remove/": Line(SELF, {"GET": 200, "POST": 302, "DELETE": 302}),
    "account/passkeys/<int:pk>/rename/": form_page(SELF, lambda kept: {"name": "Another name"}),
    # Development only
    "dev/mail/": page(PUBLIC, why="development only, from this machine only"),
    "dev/deliveries/<slug:digest>": Line(PUBLIC, {"GET": 401}, names=lambda kept: {"digest": "0" * 64}),
}
