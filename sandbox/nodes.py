"""Objects of the Graph API as JSON: numbers, accounts, apps, templates; with the fields that were asked for."""

from typing import Any

from sandbox import versions
from sandbox.accounts import Account, Number, Template
from sandbox.errors import GraphError
from sandbox.template_shapes import as_told

PREFERRED_LIMIT = 25
LIMIT_MAX = 100
NUMBER_DEFAULTS = ("verified_name", "code_verification_status", "display_phone_number", "quality_rating", "id")
ACCOUNT_DEFAULTS = ("id", "name", "timezone_id", "message_template_namespace")
TEMPLATE_DEFAULTS = ("name", "parameter_format", "components", "language", "status", "category", "id")


def number_node(account: Account, number: Number) -> dict[str, Any]:
    """Return every field of a phone number."""
    high = account.behaviour.throughput_per_s > 80
    webhooks = {"phone_number": number.callback, "whatsapp_business_account": account.callback}
    webhooks["application"] = account.app.callback
    return {
        "id": number.id,
        "display_phone_number": number.display,
        "verified_name": number.verified_name,
        "quality_rating": number.quality,
        "status": number.status,
        "name_status": "APPROVED",
        "new_name_status": "NONE",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "HIGH" if high else "STANDARD"},
        "account_mode": "LIVE",
        "is_official_business_account": False,
        "is_pin_enabled": True,
        "is_on_biz_app": bool(number.phone and number.phone.shared_at),
        "whatsapp_business_manager_messaging_limit": account.messaging_limit,
        "messaging_limit_tier": account.messaging_limit,
        "certificate": None,
        "last_onboarded_time": "2026-10-01T08:00:00+0000",
        "webhook_configuration": {name: callback.url for name, callback in webhooks.items() if callback},
        "health_status": health_of(account, number),
    }


def account_node(account: Account) -> dict[str, Any]:
    """Return every field of a business account."""
    return {
        "id": account.id,
        "name": account.name,
        "currency": account.currency,
        "timezone_id": "1",
        "country": "MY",
        "status": "ACTIVE",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "ownership_type": "SELF",
        "owner_business_info": {"name": account.name, "id": account.portfolio_id},
        "on_behalf_of_business_info": {"name": account.name, "id": account.portfolio_id, "status": "APPROVED"},
        "message_template_namespace": f"5a5d{account.id[-8:]}_4c0d_4f6e_9b1a_{account.id[-12:]}",
        "is_enabled_for_insights": False,
        "primary_business_location": "MY",
        "marketing_messages_onboarding_status": "NOT_ELIGIBLE",
        "disable_marketing_messages_on_cloud_api": False,
        "template_auto_archival_enabled": False,
        "whatsapp_business_manager_messaging_limit": account.messaging_limit,
        "health_status": health("WABA", account.id, able=True),
    }


def template_node(template: Template) -> dict[str, Any]:
    """Return every field of a template."""
    return {
        "name": template.name,
        "parameter_format": template.parameter_format,
        "components": as_told(template.components),
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "id": template.id,
        "quality_score": {"score": template.quality, "date": 1_760_000_000},
        "rejected_reason": template.rejected_reason,
        "message_send_ttl_seconds": -1,
        "cta_url_link_tracking_opted_out": False,
        "previous_category": template.previous_category,
        "correct_category": template.correct_category,
        "health_status": health("MESSAGE_TEMPLATE", template.id, able=template.status == "APPROVED"),
    }


def health_of(account: Account, number: Number) -> dict[str, Any]:
    """Return what stands between a business and its customers on a number, part by part; the worst decides."""
    state = number.able if number.status == "CONNECTED" else "BLOCKED"
    own: dict[str, Any] = {"entity_type": "PHONE_NUMBER", "id": number.id, "can_send_message": state}
    if number.able_errors:
        own["errors"] = number.able_errors
    others = [("WABA", account.id), ("BUSINESS", account.portfolio_id), ("APP", account.app.id)]
    parts = [{"entity_type": kind, "id": id, "can_send_message": "AVAILABLE"} for kind, id in others]
    return {"can_send_message": state, "entities": [own, *parts]}


def health(entity: str, object_id: str, *, able: bool) -> dict[str, Any]:
    state = "AVAILABLE" if able else "BLOCKED"
    part = {"entity_type": entity, "id": object_id, "can_send_message": state}
    return {"can_send_message": state, "entities": [part]}


def chosen(node: dict[str, Any], fields: str | None, defaults: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields that were asked for, always with the id; unknown names are an error.

    Raises: GraphError 100.
    """
    node = versions.as_of(node)
    names = defaults if not fields else [name.split("{")[0].split(".")[0].strip() for name in _split(fields)]
    for name in names:
        if name not in node:
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name}) on node type")
    picked = {name: node[name] for name in names if node[name] is not None}
    return picked if "id" not in node else {**picked, "id": node["id"]}


def _split(fields: str) -> list[str]:
    """Split at commas outside braces: `a,b{c,d}` has two fields."""
    parts, depth, current = [], 0, ""
    for character in fields:
        depth += (character in "{(") - (character in "})")
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    return [part for part in [*parts, current] if part.strip()]


def paged(items: list[dict[str, Any]], query: dict[str, str], *, address: str) -> dict[str, Any]:
    """Return one page of a list: `next` stands there only when there is more.

    Raises: GraphError 100 for a limit or a cursor that is not one.
    """
    limit_text, after = query.get("limit", str(PREFERRED_LIMIT)), query.get("after", "")
    if not limit_text.isdigit() or int(limit_text) < 1:
        raise GraphError(100, message="(#100) Param limit must be a positive integer")
    limit = min(int(limit_text), LIMIT_MAX)
    start = 0
    if after:
        if not (after.startswith("QV9") and after[3:].isdigit()):
            raise GraphError(131059, "The cursor is expired or corrupt.")
        start = int(after[3:])
    page = items[start : start + limit]
    answer: dict[str, Any] = {"data": page}
    if page:
        cursors = {"before": f"QV9{start}", "after": f"QV9{start + len(page)}"}
        answer["paging"] = {"cursors": cursors}
        if start + len(page) < len(items):
            rest = "&".join(f"{name}={value}" for name, value in query.items() if name in {"fields", "limit"})
            answer["paging"]["next"] = f"{address}?after={cursors['after']}" + (f"&{rest}" if rest else "")
    return answer
