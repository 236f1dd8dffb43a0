"""Who may open which address of erasure, retention and holds."""

from datetime import timedelta
from typing import Any

from tests.house.authz import PERSON, Line, act, form_page, page, public
from tests.house.two_houses import Kept
from troth.base.clock import now
from troth.workspaces.models import Role

VIEWER, ADMIN, OWNER = Role.VIEWER, Role.ADMIN, Role.OWNER
_PRIVACY = "w/<slug:handle>/privacy/"
_ERASURES = f"{_PRIVACY}forgetting/"
_THREAD = "w/<slug:handle>/inbox/<uuid:conversation_id>/"


def _hold(kept: Kept) -> dict[str, Any]:
    day = (now() + timedelta(days=30)).date().isoformat()
    return {"kind": "conversation", "basis": "A claim in court", "reference": "B 12", "review_on": day}


def _done(kept: Kept) -> dict[str, Any]:
    return {"erasure_id": kept.ids["erasure_done"]}


def _unknown(kept: Kept) -> dict[str, Any]:
    return {"token": "unknown"}


LINES: dict[str, Line] = {
    _ERASURES: page(ADMIN),
    f"{_THREAD}erasure/": form_page(ADMIN),
    f"{_ERASURES}<uuid:erasure_id>/": page(ADMIN),
    f"{_ERASURES}<uuid:erasure_id>/undo/": act(ADMIN),
    f"{_ERASURES}<uuid:erasure_id>/certificate.pdf": page(ADMIN, names=_done),
    f"{_ERASURES}<uuid:erasure_id>/certificate.txt": page(ADMIN, names=_done),
    f"{_PRIVACY}retention/": page(ADMIN),
    f"{_PRIVACY}retention/rule/": form_page(
        ADMIN, lambda kept: {"kept": "talk", "choice": "30"}, shown=302, why="without a class, to the list of them"
    ),
    f"{_PRIVACY}retention/undo/": act(ADMIN, lambda kept: {"kept": "gaps"}),
    f"{_PRIVACY}former/": page(OWNER),
    f"{_PRIVACY}former/<uuid:membership_id>/erasure/": act(
        OWNER, names=lambda kept: {"membership_id": kept.ids["member removed"]}
    ),
    f"{_PRIVACY}holds/": page(ADMIN),
    f"{_THREAD}hold/": form_page(ADMIN, _hold),
    f"{_PRIVACY}holds/<uuid:hold_id>/approval/": act(ADMIN),
    f"{_PRIVACY}holds/<uuid:hold_id>/release/": act(ADMIN),
    f"{_PRIVACY}deletion/": form_page(OWNER),
    "w/<slug:handle>/closing/": page(VIEWER, status=302, why="the workspace is not being deleted"),
    "w/<slug:handle>/closing/undo/": act(OWNER, changes=False, why="there is nothing to undo"),
    "certificate/<str:token>/": public(404, names=_unknown, why="nobody has this link"),
    "certificate/<str:token>/certificate.pdf": public(404, names=_unknown, why="nobody has this link"),
    "certificate/<str:token>/certificate.txt": public(404, names=_unknown, why="nobody has this link"),
    "account/deletion/": form_page(PERSON),
    "account/deletion/done/": public(200),
    "account/deletion/gone/": public(200),
}
