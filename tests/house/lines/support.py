"""Who may open which address of the access log, help and the staff's door."""

from tests.house.authz import PERSON, Line, act, form_page, page
from tests.house.two_houses import Kept
from troth.workspaces.models import Role

VIEWER, ADMIN, OWNER = Role.VIEWER, Role.ADMIN, Role.OWNER
_HELP = "w/<slug:handle>/help/"
_ONE = f"{_HELP}<uuid:help_id>/"
_GRANT = f"{_HELP}grants/<uuid:grant_id>/"
_LOG = "w/<slug:handle>/access-log/"
_REQUEST = "staff/requests/<uuid:request_id>/"
_GLASS = "staff/break-glass/<uuid:glass_id>/"
_DEMAND = "staff/disclosures/<uuid:disclosure_id>/"
_HOLD = "staff/holds/<uuid:hold_id>/"
_BREACH = "staff/breaches/<uuid:breach_id>/"
NOT_STAFF = "nobody here is of the staff; whoever is has tests of their own"


def _ids(kept: Kept) -> dict[str, object]:
    here = {"request_id": kept.ids["help"], "talk_id": kept.ids["conversation"], "step": "reckoning"}
    return here | dict.fromkeys(("glass_id", "disclosure_id", "hold_id", "breach_id"), kept.ids["grant"])


def _read() -> Line:
    return page(PERSON, status=404, names=_ids, why=NOT_STAFF)


def _done() -> Line:
    return act(PERSON, status=404, changes=False, names=_ids, why=NOT_STAFF)


def _both() -> Line:
    return form_page(PERSON, status=404, shown=404, changes=False, names=_ids, why=NOT_STAFF)


LINES: dict[str, Line] = {
    _HELP: page(VIEWER),
    f"{_HELP}new/<slug:problem>/": form_page(
        VIEWER,
        lambda kept: {"text": "Please help", "sight": "settings", "hours": "24"},
        names=lambda kept: {"problem": "number"},
    ),
    f"{_HELP}ask-first/": act(OWNER, lambda kept: {"ask_first": "on"}),
    # The request in each house is a viewer's own.
    _ONE: page(VIEWER, own="viewer"),
    f"{_ONE}messages/": act(VIEWER, lambda kept: {"text": "One more word"}, own="viewer"),
    f"{_ONE}closure/": act(VIEWER, own="viewer"),
    f"{_GRANT}approval/": act(ADMIN, names=lambda kept: {"grant_id": kept.ids["waiting grant"]}),
    f"{_GRANT}stop/": act(VIEWER, own="viewer"),
    f"{_GRANT}narrow/": act(VIEWER, lambda kept: {"conversations": [kept.ids["conversation"]]}, own="viewer"),
    _LOG: page(ADMIN),
    f"{_LOG}chain/": page(ADMIN),
    f"{_LOG}chain.jsonl": act(ADMIN, status=200),
    f"{_LOG}table.csv": act(ADMIN, status=200),
    f"{_LOG}mail/": act(OWNER),
    # Behind the staff's door
    **{
        pattern: _read()
        for pattern in (
            "staff/login/",
            "staff/",
            _REQUEST,
            f"{_REQUEST}settings/",
            f"{_REQUEST}conversations/",
            f"{_REQUEST}conversations/<uuid:talk_id>/",
            f"{_GLASS}settings/",
            f"{_GLASS}conversations/",
            f"{_GLASS}conversations/<uuid:talk_id>/",
            _BREACH,
        )
    },
    **{
        pattern: _done()
        for pattern in (
            "staff/leave/",
            f"{_REQUEST}answer/",
            f"{_REQUEST}closure/",
            f"{_GLASS}approval/",
            f"{_GLASS}end/",
            f"{_DEMAND}approval/",
            f"{_DEMAND}refusal/",
            f"{_DEMAND}export.json",
            f"{_HOLD}approval/",
            f"{_HOLD}end/",
            f"{_BREACH}<slug:step>/",
            "staff/senders/allowance/",
        )
    },
    **{
        pattern: _both()
        for pattern in ("staff/break-glass/", "staff/disclosures/", "staff/holds/", "staff/breaches/", "staff/senders/")
    },
}
