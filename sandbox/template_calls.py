"""Templates over HTTP: list, create, edit, delete; and the review that follows a moment later."""

import re
from itertools import pairwise
from typing import Any

from sandbox.accounts import Account, Template, Token
from sandbox.errors import GraphError, missing_object
from sandbox.http import Request, Response, answer
from sandbox.nodes import TEMPLATE_DEFAULTS, chosen, paged, template_node
from sandbox.rules.basics import one_of, required
from sandbox.template_fit import VARIABLE, variables
from sandbox.template_shapes import check_sample, check_whole
from sandbox.world import World

NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}([_-][A-Z]{2})?")
CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
STATES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "ARCHIVED", "PENDING_DELETION")
PARTS = {"HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER", "CALL_PERMISSION_REQUEST"}
LIMITS = {"HEADER": (60, 2388047), "BODY": (1024, 2388072), "FOOTER": (60, 2388073)}
EDITABLE = {"APPROVED", "REJECTED", "PAUSED"}
ARCHIVABLE = {"APPROVED", "REJECTED"}
ARCHIVED_AT_ONCE = 100
TEMPLATES_MAX = 250
BUTTONS_MAX, BUTTON_TEXT_MAX = 10, 25
WORDS_PER_VARIABLE = 2
REJECTED_BY_NAME = "reject"
EDIT_EVERY_S, EDITS_WITHIN_S, EDITS_MAX = 86_400, 30 * 86_400, 10


def many(world: World, request: Request, account: Account, *, address: str) -> Response:
    """`GET`, `POST` and `DELETE /{WABA}/message_templates`."""
    if request.method == "GET":
        return _list(request, account, address=address)
    if request.method == "POST":
        return _create(world, request.parameters, account)
    if request.method == "DELETE":
        return _delete(world, request.parameters, account)
    raise missing_object(account.id)


def one(world: World, request: Request, token: Token, template: Template) -> Response:
    """`GET` and `POST /{TEMPLATE_ID}`."""
    if request.method == "GET":
        return answer(chosen(template_node(template), request.query.get("fields"), TEMPLATE_DEFAULTS))
    if request.method != "POST":
        raise missing_object(template.id)
    if template.status not in EDITABLE:
        raise GraphError(100, "Only templates that are approved, rejected or paused can be edited.", subcode=2388025)
    body = request.parameters
    _may_edit_again(template, now=world.now())
    if "category" in body and template.status == "APPROVED" and body["category"] != template.category:
        raise GraphError(100, "The category of an approved template cannot be changed.", subcode=2388025)
    if "components" in body:
        template.components = checked_components(
            body["components"], category=str(body.get("category", template.category))
        )
    if template.status == "APPROVED":
        template.edits.append(world.now())
    template.category = str(body.get("category", template.category))
    _send_to_review(world, token.account, template)
    return answer({"success": True})


def _list(request: Request, account: Account, *, address: str) -> Response:
    query = request.query
    if "status" in query:
        one_of(query["status"], "status", STATES)
    found = [template for template in account.templates.values() if _matches(template, query)]
    nodes = [chosen(template_node(template), query.get("fields"), TEMPLATE_DEFAULTS) for template in found]
    return answer(paged(nodes, query, address=address))


def _matches(template: Template, query: dict[str, str]) -> bool:
    exact = ("name", "status", "category", "language")
    if any(name in query and query[name] != getattr(template, name) for name in exact):
        return False
    wanted = query.get("name_or_content", "").lower()
    return not wanted or wanted in template.name or wanted in str(template.components).lower()


def _create(world: World, body: dict[str, Any], account: Account) -> Response:
    name, language, category = body.get("name"), body.get("language"), body.get("category")
    for key in ("name", "language", "category", "components"):
        if not body.get(key):
            raise required(key)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise GraphError(100, "The name may only hold lower-case letters, digits and underscores.")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        raise GraphError(100, "The language is not one that templates exist in.")
    one_of(category, "category", CATEGORIES)
    if any(item.name == name and item.language == language for item in account.templates.values()):
        raise GraphError(2388024, f"There is already {language} content for this template.")
    if len(account.templates) >= TEMPLATES_MAX:
        raise GraphError(2388019)
    template = Template(
        id=world.mint.object_id(),
        name=name,
        language=language,
        category=str(category),
        components=checked_components(body["components"], category=str(category)),
        parameter_format=str(body.get("parameter_format", "positional")).upper(),
    )
    account.templates[template.id] = template
    world.templates[template.id] = (account, template)
    _send_to_review(world, account, template)
    return answer({"id": template.id, "status": template.status, "category": template.category})


def _may_edit_again(template: Template, *, now: int) -> None:
    """Raises: GraphError for an approved template that was edited today, or ten times within 30 days."""
    if template.status != "APPROVED":
        return
    lately = [at for at in template.edits if now - at < EDITS_WITHIN_S]
    if len(lately) >= EDITS_MAX or any(now - at < EDIT_EVERY_S for at in lately):
        raise GraphError(100, "An approved template takes one edit a day and ten in 30 days.", subcode=2388025)


def checked_components(value: Any, *, category: str) -> list[dict[str, Any]]:
    """Return the parts of a definition.

    Raises: GraphError for a part that is unknown, twice there, too long, or has its variables in the wrong place.
    """
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise GraphError(100, message="(#100) Param components must be an array.")
    kinds = [str(part.get("type", "")).upper() for part in value]
    if set(kinds) - PARTS or len(set(kinds)) != len(kinds) or "BODY" not in kinds:
        raise GraphError(100, "Components are each of a known type, each at most once, and BODY is among them.")
    for kind, part in zip(kinds, value, strict=True):
        if kind in LIMITS:
            _check_words(kind, part)
        if kind == "HEADER":
            check_sample(part)
        if kind == "BUTTONS":
            _check_buttons(part)
    check_whole(dict(zip(kinds, value, strict=True)), category)
    return value


def _check_words(kind: str, part: dict[str, Any]) -> None:
    most, code = LIMITS[kind]
    text = part.get("text", "")
    if kind == "HEADER" and str(part.get("format", "TEXT")).upper() != "TEXT":
        return
    if not isinstance(text, str) or len(text) > most or (kind == "FOOTER" and variables(text)):
        raise GraphError(code, f"{kind} has at most {most} characters and a footer no variables.", http=400)
    if kind != "BODY":
        return
    stripped = text.strip()
    found = list(VARIABLE.finditer(stripped))
    if found and (found[0].start() == 0 or found[-1].end() == len(stripped)):
        raise GraphError(2388299)
    words = len(VARIABLE.sub(" ", stripped).split())
    if found and words < WORDS_PER_VARIABLE * len(found) + 1:
        raise GraphError(2388293)
    if found and not part.get("example"):
        raise GraphError(100, "A body with variables needs an example.", subcode=2388043)


def _check_buttons(part: dict[str, Any]) -> None:
    buttons = part.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MAX:
        raise GraphError(100, f"BUTTONS has between 1 and {BUTTONS_MAX} buttons.")
    kinds = [str(button.get("type", "")).upper() == "QUICK_REPLY" for button in buttons]
    if sum(left != right for left, right in pairwise(kinds)) > 1:
        raise GraphError(100, "Quick replies and other buttons have to stand together.")
    if any(len(str(button.get("text", ""))) > BUTTON_TEXT_MAX for button in buttons):
        raise GraphError(2388040, f"The text of a button has at most {BUTTON_TEXT_MAX} characters.")


def _delete(world: World, body: dict[str, Any], account: Account) -> Response:
    name, template_id = body.get("name"), body.get("hsm_id")
    if not name:
        raise required("name")
    doomed = [
        template
        for template in account.templates.values()
        if template.name == name and template_id in {None, template.id}
    ]
    if not doomed:
        raise GraphError(100, "Message template was not found.", http=404, subcode=2593002)
    for template in doomed:
        del account.templates[template.id], world.templates[template.id]
        _tell(world, account, template, "PENDING_DELETION", reason=None)
    world.changed()
    return answer({"success": True})


def archive(world: World, request: Request, account: Account, *, away: bool) -> Response:
    """`POST /{WABA}/message_templates/archive` and `/unarchive`: what can be done is done, and the rest is named."""
    ids = request.parameters.get("hsm_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= ARCHIVED_AT_ONCE:
        raise required("hsm_ids")
    done: list[str] = []
    failed: dict[str, str] = {}
    for id in map(str, ids):
        template = account.templates.get(id)
        if template is None or template.status not in (ARCHIVABLE if away else {"ARCHIVED"}):
            failed[id] = "Only approved or rejected templates can be archived" if away else "It is not archived"
            continue
        if away:
            template.archived_from = template.status
            set_status(world, account, template, "ARCHIVED")
        else:
            _tell(world, account, template, "UNARCHIVED", reason="NONE")
            set_status(world, account, template, template.archived_from or "APPROVED")
        done.append(id)
    return answer({"archived_templates" if away else "unarchived_templates": done, "failed_templates": failed})


def _send_to_review(world: World, account: Account, template: Template) -> None:
    template.status = "PENDING"
    world.changed()
    world.later(account.behaviour.template_review_ms / 1000, review, world, account, template)


def review(world: World, account: Account, template: Template) -> None:
    """Approve a template that waits for it; one with `reject` in its name is rejected."""
    if template.status != "PENDING" or template.id not in account.templates:
        return
    if REJECTED_BY_NAME in template.name:
        template.status, template.rejected_reason = "REJECTED", "INVALID_FORMAT"
        _tell(world, account, template, "REJECTED", reason="INVALID_FORMAT")
    else:
        template.status, template.rejected_reason = "APPROVED", "NONE"
        _tell(world, account, template, "APPROVED", reason="NONE")
    world.changed()


def set_status(world: World, account: Account, template: Template, status: str) -> None:
    """Pause, disable or reinstate a template and tell the business."""
    template.status = status
    _tell(world, account, template, status, reason="NONE")
    world.changed()


def set_category(world: World, account: Account, template: Template, category: str, *, announced: bool) -> None:
    """Move a template to another category, or announce that for tomorrow, and tell the business."""
    value: dict[str, Any] = {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
    if announced:
        template.correct_category = category
        value |= {"new_category": template.category, "correct_category": category}
        value["category_update_timestamp"] = world.now() + EDIT_EVERY_S
    else:
        value |= {"previous_category": template.category, "new_category": category}
        template.previous_category, template.category, template.correct_category = template.category, category, None
    world.emit(account, None, "template_category_update", value, at=world.now())
    world.changed()


def _tell(world: World, account: Account, template: Template, event: str, *, reason: str | None) -> None:
    value: dict[str, Any] = {
        "event": event,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": reason,
        "message_template_category": template.category,
    }
    if event == "PAUSED":
        value["other_info"] = {"title": "FIRST_PAUSE", "description": "Paused for 3 hours because of low quality."}
    if event == "REJECTED":
        value["rejection_info"] = {"reason": "The format is not right.", "recommendation": "Change it and try again."}
    world.emit(account, None, "message_template_status_update", value, at=world.now())
