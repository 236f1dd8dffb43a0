"""Who may open which address of the pages about data."""

from tests.house.authz import PERSON, Line, act, page, public
from troth.workspaces.models import Role

VIEWER, AGENT, ADMIN, OWNER = Role.VIEWER, Role.AGENT, Role.ADMIN, Role.OWNER
_PRIVACY = "w/<slug:handle>/privacy/"

LINES: dict[str, Line] = {
    _PRIVACY: page(VIEWER),
    f"{_PRIVACY}numbers/": page(VIEWER),
    f"{_PRIVACY}numbers/choice/": act(OWNER, lambda kept: {"phones_from": "admin"}),
    f"{_PRIVACY}destinations/": page(VIEWER),
    f"{_PRIVACY}record.pdf": act(ADMIN, status=200),
    f"{_PRIVACY}record.csv": act(ADMIN, status=200),
    "w/<slug:handle>/inbox/<uuid:conversation_id>/number/": act(VIEWER, lambda kept: {"reason": "call"}),
    "account/data/": page(PERSON),
    "subprocessors/": public(200),
}
