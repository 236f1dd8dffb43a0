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


def _chosen(kept: Kept) -> dict[str, Any]:
    return {"attachment_id": kept.ids["chosen"]}


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
    "w/<slug:handle>/channels/signup/<slug:way>/": page(
        ADMIN, status=404, names=lambda kept: {"way": "signup"}, why="off unless the installation has an app of its own"
    ),
    "connect/meta/": page(
        PERSON, status=404, why="off as well; what it does is in `troth/channels/tests/test_signing_up.py`"
    ),
    "w/<slug:handle>/channels/health/": page(VIEWER),
    "w/<slug:handle>/channels/codes/": page(ADMIN),
    "w/<slug:handle>/channels/rates/": form_page(
        ADMIN, lambda kept: {"packed": "currency,market,category,from,rate\nUSD,MY,utility,2026-10-01,0.01\n"}
    ),
    "w/<slug:handle>/channels/rates/sample/": page(ADMIN),
    "w/<slug:handle>/channels/rates/removal/": act(ADMIN, prepare=lambda kept: kept.import_a_rate()),
    "w/<slug:handle>/spending/": page(ADMIN),
    "w/<slug:handle>/spending/file/": page(ADMIN),
    _CHANNEL: page(VIEWER),
    f"{_CHANNEL}health/": act(ADMIN),
    f"{_CHANNEL}connect/": page(ADMIN),
    f"{_CHANNEL}numbers/": act(ADMIN, status=404, changes=False, why="nothing is to be chosen"),
    f"{_CHANNEL}registration/": act(
        ADMIN, lambda kept: {"pin": "123456"}, changes=False, why="Meta refuses the token of this house"
    ),
    f"{_CHANNEL}phone/": Line(
        ADMIN,
        {"GET": 302, "POST": 302},
        lambda kept: {"kind": "history"},
        names=lambda kept: {"channel_id": kept.ids["open channel"]},
    ),
    f"{_CHANNEL}checks/": act(ADMIN),
    f"{_CHANNEL}checks/<slug:step>/": act(ADMIN),
    f"{_CHANNEL}arrival/": page(ADMIN, status=302),
    f"{_CHANNEL}name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_CHANNEL}sight/": act(ADMIN, lambda kept: {"open_to": "chosen", "members": [kept.ids["member idle"]]}),
    f"{_CHANNEL}catalog/": act(ADMIN, lambda kept: {"catalog_id": "777777777777777"}),
    f"{_CHANNEL}receipts/": act(ADMIN, lambda kept: {"read_receipts": "answered"}),
    f"{_CHANNEL}token/": act(ADMIN, lambda kept: {"token": "EAA" + "y" * 30}),
    f"{_CHANNEL}secret/": act(ADMIN, lambda kept: {"app_secret": "e" * 32}),
    f"{_CHANNEL}secret/previous/": act(ADMIN),
    f"{_CHANNEL}removal/": act(ADMIN),
    f"{_CHANNEL}whatsapp/": page(ADMIN, asks=True),
    f"{_CHANNEL}whatsapp/picture/": act(ADMIN, status=422, changes=False, why="no picture was chosen"),
    f"{_CHANNEL}whatsapp/<slug:act>/": act(
        ADMIN, lambda kept: {"greeting": "Hello"}, names=lambda kept: {"act": "link"}
    ),
    f"{_CHANNEL}whatsapp/links/<slug:code>/": page(ADMIN, names=lambda kept: {"code": "ABCDEFGH"}, asks=True),
    f"{_CHANNEL}whatsapp/links/<slug:code>/removal/": act(ADMIN, names=lambda kept: {"code": "ABCDEFGH"}),
    f"{_CHANNEL}blocks/": page(ADMIN),
    f"{_CHANNEL}blocks/reading/": act(ADMIN, changes=False, why="Meta refuses the token of this house"),
    f"{_CHANNEL}confirming/": act(ADMIN, lambda kept: {"on": "yes"}, changes=False, why="Meta refuses the token"),
    f"{_CHANNEL}templates/": page(VIEWER),
    f"{_CHANNEL}templates/sync/": act(ADMIN),
    f"{_CHANNEL}templates/progress/": page(VIEWER, status=302),
    f"{_CHANNEL}templates/new/": form_page(ADMIN, lambda kept: {"name": "Not a name"}, status=200, changes=False),
    f"{_CHANNEL}templates/<uuid:template_id>/": page(VIEWER),
    f"{_CHANNEL}templates/<uuid:template_id>/edit/": form_page(ADMIN, status=200, changes=False),
    f"{_CHANNEL}templates/<uuid:template_id>/deletion/": act(ADMIN, changes=False),
    f"{_CHANNEL}templates/<uuid:template_id>/away/": act(ADMIN),
    f"{_CHANNEL}templates/<uuid:template_id>/archive/": act(ADMIN, changes=False, why="not before its day"),
    # Inbox
    "w/<slug:handle>/inbox/": page(VIEWER),
    "w/<slug:handle>/inbox/new/": form_page(
        AGENT, lambda kept: {"who": "+60 12-345 0099", "channel": kept.ids["open channel"]}
    ),
    "w/<slug:handle>/gaps/": page(VIEWER),
    _THREAD: page(VIEWER),
    f"{_THREAD}messages/": act(AGENT, lambda kept: {"text": "An answer"}),
    f"{_THREAD}messages/<uuid:message_id>/offer/": act(AGENT, status=200),
    f"{_THREAD}messages/<uuid:message_id>/reaction/": act(
        AGENT, lambda kept: {"emoji": "👍"}, status=204, names=lambda kept: {"message_id": kept.ids["incoming"]}
    ),
    f"{_THREAD}messages/<uuid:message_id>/undoing/": act(AGENT, status=200, prepare=lambda kept: kept.hold_message()),
    f"{_THREAD}messages/<uuid:message_id>/forwarding/": act(
        AGENT, lambda kept: {"to": [kept.ids["open conversation"]]}, status=200
    ),
    f"{_THREAD}messages/<uuid:message_id>/cards/<int:number>/": page(
        VIEWER, status=404, names=lambda kept: {"number": 0}, why="this message holds no card"
    ),
    f"{_THREAD}say/<slug:what>/": page(AGENT, names=lambda kept: {"what": "contacts"}),
    f"{_THREAD}preview/": act(AGENT, lambda kept: {"text": "*An answer*"}, status=200, changes=False),
    f"{_THREAD}scheduled/": act(
        AGENT, lambda kept: {"text": "Later", "at": kept.tomorrow(), "zone": "Asia/Kuala_Lumpur"}, status=201
    ),
    f"{_THREAD}scheduled/<uuid:scheduled_id>/": form_page(AGENT, status=200),
    f"{_THREAD}templates/": page(AGENT),
    f"{_THREAD}flows/": page(AGENT, asks=True),
    f"{_THREAD}products/": page(AGENT, asks=True),
    f"{_THREAD}flows/<slug:flow_id>/": page(AGENT, names=lambda kept: {"flow_id": "12345"}, asks=True),
    f"{_THREAD}templates/<uuid:template_id>/": form_page(AGENT, lambda kept: {"value-body:1": "Mei"}),
    f"{_THREAD}templates/<uuid:template_id>/preview/": act(AGENT, lambda kept: {}, status=200, changes=False),
    f"{_THREAD}files/": act(AGENT, lambda kept: {"size": "10", "name": "list.txt", "wish": "document"}, status=201),
    f"{_THREAD}files/<uuid:attachment_id>/": Line(AGENT, {"DELETE": 204}, names=_chosen, only="owner"),
    f"{_THREAD}files/<uuid:attachment_id>/pieces/<int:number>/": Line(
        AGENT,
        {"PUT": 422},
        names=lambda kept: {**_chosen(kept), "number": 0},
        only="owner",
        changes=False,
        why="a form is no piece of this file; what is one is taken in `troth/inbox/tests`",
    ),
    f"{_THREAD}files/<uuid:attachment_id>/again/": act(AGENT, prepare=lambda kept: kept.fail_file()),
    # An address opens for the member that it was made for, alone: `troth/inbox/tests/test_files_come_in.py`.
    f"{_THREAD}files/<uuid:attachment_id>/<slug:part>/<str:token>/": page(
        VIEWER, status=404, names=lambda kept: {"part": "whole", "token": "A" * 24}
    ),
    "w/<slug:handle>/doubles/": page(ADMIN),
    f"{_THREAD}merge/": form_page(AGENT, lambda kept: {"with": kept.ids["double"]}),
    f"{_THREAD}apart/": act(AGENT, lambda kept: {"with": kept.ids["double"]}),
    f"{_THREAD}parting/": form_page(AGENT, lambda kept: {"merge": kept.ids["merge"]}),
    f"{_THREAD}identity/": act(AGENT, prepare=lambda kept: kept.change_code()),
    f"{_THREAD}block/": act(AGENT, lambda kept: {"block": "yes"}, changes=False, why="Meta refuses the token"),
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
