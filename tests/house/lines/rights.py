"""Who may open which address of cases and exports."""

from tests.house.authz import NOT_ALLOWED, PERSON, PUBLIC, Line, act, form_page, page, public
from troth.privacy.models import PersonalExport
from troth.workspaces.models import Role

AGENT, ADMIN, OWNER = Role.AGENT, Role.ADMIN, Role.OWNER
_PRIVACY = "w/<slug:handle>/privacy/"
_CASE = f"{_PRIVACY}cases/<uuid:case_id>/"
_EXPORT = f"{_PRIVACY}exports/<uuid:export_id>/"
_PERSON = f"{_PRIVACY}people/<uuid:conversation_id>/"
_COPY = "account/rights/copies/<uuid:copy_id>/"


LINES: dict[str, Line] = {
    f"{_PRIVACY}cases/": page(ADMIN),
    f"{_PRIVACY}intake/": act(OWNER, lambda kept: {"answers": "off"}),
    _CASE: page(ADMIN),
    f"{_CASE}proof/": act(ADMIN, lambda kept: {"phone": kept.ids["phone"]}),
    f"{_CASE}notes/": act(ADMIN, lambda kept: {"text": "Called back"}),
    f"{_CASE}extension/": act(ADMIN, lambda kept: {"reason": "Many messages"}),
    f"{_CASE}link/": act(ADMIN, status=200),
    f"{_CASE}act/": act(ADMIN, lambda kept: {"what": "object"}),
    f"{_CASE}closure/": act(ADMIN, lambda kept: {"outcome": "done"}),
    _PERSON: page(AGENT),
    f"{_PERSON}name/": act(AGENT, lambda kept: {"name": "Another name"}),
    f"{_PERSON}consent/": act(AGENT, lambda kept: {"given": "no"}),
    f"{_PERSON}cases/": act(AGENT, lambda kept: {"kind": "erasure"}),
    f"{_PRIVACY}exports/": page(OWNER),
    f"{_PRIVACY}exports/new/": act(OWNER),
    _EXPORT: page(ADMIN),
    f"{_EXPORT}download/": act(ADMIN, status=409, changes=False, why="it is not made yet"),
    f"{_EXPORT}sending/": act(ADMIN, status=409, changes=False, why="it is not made yet"),
    f"{_PRIVACY}import/": form_page(OWNER, status=422, changes=False, why="no file was chosen"),
    f"{_PRIVACY}import/<uuid:import_id>/": page(OWNER),
    "account/rights/": page(PERSON),
    "account/rights/requests/": act(PERSON, lambda kept: {"kind": "erasure", "words": "Please"}),
    "account/rights/requests/<uuid:case_id>/confirmation/": act(
        PERSON, lambda kept: {"mine": "yes"}, status=404, changes=False, why="it is nobody's"
    ),
    "account/rights/copies/": act(PERSON, prepare=lambda kept: PersonalExport.objects.all().delete()),
    _COPY: page("self", names=lambda kept: {"copy_id": kept.ids["copy"]}),
    f"{_COPY}download/": act(
        "self", names=lambda kept: {"copy_id": kept.ids["copy"]}, status=409, changes=False, why="it is not made yet"
    ),
    "case/<str:token>/": public(200, post=NOT_ALLOWED, names=lambda kept: {"token": kept.ids["status token"]}),
    "copy/<str:token>/": public(404, names=lambda kept: {"token": "x" * 43}, why="nothing is there"),
    "mail/privacy/": Line(PUBLIC, {"POST": 401}, changes=False, why="it is not signed"),
}
