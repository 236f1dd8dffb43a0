"""How a number, its account and its token stand: three questions to Meta, each of which may go unanswered.

Source: Cloud API reference, phone number and WhatsApp Business account nodes, and "Messaging health status" (read
2026-11-22).
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from troth.channels.cloud.checks import CallFailed, Graph, check_token
from troth.channels.cloud.wire.reading import identifier, is_true, items, piece, whole, word

NUMBER_FIELDS = (
    "id,quality_rating,status,throughput,name_status,is_on_biz_app,whatsapp_business_manager_messaging_limit"
)
# Not every account and version has these: asked for apart, so that one that is refused does not hide the rest.
HEALTH_FIELDS = "id,health_status"
ACCOUNT_FIELDS = "id,currency,account_review_status,business_verification_status,owner_business_info"
_REASONS_MAX = 10
_CHARS_MAX = 500


class Reason(Struct, frozen=True, kw_only=True):
    """Why a part is limited or blocked: Meta's code, and its own words where it gave some."""

    code: int | None = None
    says: str = ""
    advice: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """One thing that stands between the business and its customers: PHONE_NUMBER, WABA, BUSINESS, APP, ..."""

    entity: str
    state: str
    reasons: tuple[Reason, ...] = ()


class Health(Struct, frozen=True, kw_only=True):
    """What Meta answered. What it did not say is empty. `code` is "ok", or the code of the check that failed.

    `limit` is the word for the messaging limit of the whole portfolio. `token` is the check of the access token.
    """

    code: str = "ok"
    quality: str = ""
    status: str = ""
    throughput: str = ""
    name_status: str = ""
    on_phone_app: bool = False
    limit: str = ""
    overall: str = ""
    parts: tuple[Part, ...] = ()
    currency: str = ""
    review: str = ""
    verification: str = ""
    business_id: str = ""
    token_code: str = ""
    token_expires_at: datetime | None = None


async def ask_health(graph: Graph, *, account_id: str, number_id: str) -> Health:
    """Return how the number stands. Raises nothing that Meta or the network does."""
    token = await check_token(graph)
    facts: dict[str, Any] = {"token_code": token.code, "token_expires_at": token.facts.get("expires_at")}
    try:
        number = await graph.call("GET", number_id, fields=NUMBER_FIELDS)
    except CallFailed as failed:
        return Health(code=failed.code, **facts)
    account = await _or_nothing(graph, account_id, ACCOUNT_FIELDS)
    health = piece((await _or_nothing(graph, number_id, HEALTH_FIELDS)).get("health_status"))
    return Health(
        **facts,
        quality=word(number.get("quality_rating")) or "",
        status=word(number.get("status")) or "",
        throughput=word(piece(number.get("throughput")).get("level")) or "",
        name_status=word(number.get("name_status")) or "",
        on_phone_app=is_true(number.get("is_on_biz_app")),
        limit=word(number.get("whatsapp_business_manager_messaging_limit")) or "",
        overall=word(health.get("can_send_message")) or "",
        parts=tuple(_part(piece(entity)) for entity in items(health.get("entities"))[:_REASONS_MAX]),
        currency=(word(account.get("currency")) or "")[:3].upper(),
        review=word(account.get("account_review_status")) or "",
        verification=word(account.get("business_verification_status")) or "",
        business_id=identifier(piece(account.get("owner_business_info")).get("id")) or "",
    )


async def _or_nothing(graph: Graph, of: str, fields: str) -> dict[str, Any]:
    try:
        return await graph.call("GET", of, fields=fields)
    except CallFailed:
        return {}


def _part(entity: dict[str, Any]) -> Part:
    reasons = [_reason(piece(error)) for error in items(entity.get("errors"))[:_REASONS_MAX]]
    reasons += [
        Reason(says=said)
        for said in items(entity.get("additional_info"))[:_REASONS_MAX]
        if isinstance(said, str) and said.strip()
    ]
    return Part(
        entity=word(entity.get("entity_type")) or "",
        state=word(entity.get("can_send_message")) or "",
        reasons=tuple(
            Reason(code=one.code, says=one.says[:_CHARS_MAX], advice=one.advice[:_CHARS_MAX]) for one in reasons
        ),
    )


def _reason(error: dict[str, Any]) -> Reason:
    return Reason(
        code=whole(error.get("error_code")),
        says=word(error.get("error_description"), chars_max=_CHARS_MAX) or "",
        advice=word(error.get("possible_solution"), chars_max=_CHARS_MAX) or "",
    )
