"""Who may open which address of cookies, usage, mail choices and Meta's callbacks."""

from tests.house.authz import PERSON, PUBLIC, Line, act, page
from tests.house.rooms.browser import refuse_mail_of
from troth.workspaces.models import Role

ADMIN = Role.ADMIN
_USAGE = "w/<slug:handle>/privacy/usage/"
_SIGNED = {"POST": 401}

LINES: dict[str, Line] = {
    "cookies/": page(PUBLIC),
    "cookies/choice/": Line(PUBLIC, {"POST": 302}, lambda kept: {"answer": "reject"}, changes=False),
    ".well-known/gpc.json": page(PUBLIC),
    "report/child/": Line(PUBLIC, {"GET": 200, "POST": 200}, changes=False, why="the form is empty"),
    _USAGE: page(ADMIN),
    f"{_USAGE}rows.csv": page(ADMIN),
    f"{_USAGE}choice/": act(ADMIN, lambda kept: {"count": "off"}),
    "account/notifications/": page(PERSON),
    "account/notifications/arrival/": act(PERSON, prepare=lambda kept: refuse_mail_of(kept)),
    "account/notifications/<str:key>/<slug:wish>/": act(
        PERSON, names=lambda kept: {"key": "inbox.assigned", "wish": "on"}
    ),
    # Whoever calls these shows a signature; nothing is signed here.
    "mail/off/<str:token>/": Line(
        PUBLIC, {"GET": 200, "POST": 200}, names=lambda kept: {"token": kept.ids["mail off"]}
    ),
    "mail/events/": Line(PUBLIC, _SIGNED, changes=False),
    "meta/data-deletion/": Line(PUBLIC, {"POST": 400}, changes=False),
    "meta/data-deletion/<uuid:channel_id>/": Line(PUBLIC, {"POST": 400}, changes=False),
    "meta/deauthorize/": Line(PUBLIC, {"POST": 400}, changes=False),
    "meta/deauthorize/<uuid:channel_id>/": Line(PUBLIC, {"POST": 400}, changes=False),
}
