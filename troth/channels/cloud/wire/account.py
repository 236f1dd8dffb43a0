"""News about our own number, account and templates."""

from collections.abc import Callable
from typing import Any

from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, instant, items, phone, piece, problems, word
from troth.channels.contract import ChannelChanged, Event, TemplateChanged

DETAILS_CHARS_MAX = 1_000

# field -> (the aspect in our words, the keys of the value that may hold the event or decision, in order)
ASPECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account_update": ("account", ("event",)),
    "account_alerts": ("alert", ("alert_type",)),
    "account_review_update": ("review", ("decision",)),
    "account_settings_update": ("settings", ("type",)),
    "business_capability_update": (
        "capability",
        ("max_daily_conversations_per_business", "max_daily_conversation_per_phone"),
    ),
    "business_status_update": ("business", ("event", "status")),
    "business_username_update": ("username", ("status",)),
    "business_username_updates": ("username", ("status",)),
    "flows": ("flow", ("event",)),
    "partner_solutions": ("partner", ("event",)),
    "payment_configuration_update": ("payment", ("status",)),
    "phone_number_name_update": ("name", ("decision",)),
    "phone_number_quality_update": ("quality", ("event",)),
    "security": ("security", ("event",)),
    "tracking_events": ("tracking", ("event",)),
}

TEMPLATE_ASPECTS = {
    "message_template_status_update": "status",
    "template_status_update": "status",
    "message_template_quality_update": "quality",
    "template_category_update": "category",
    "template_correct_category_detection": "category",
    "message_template_components_update": "components",
}


def account_change(value: dict[str, Any], place: Place) -> Event:
    """Return what changed about our number or account. The whole value is the event's raw part."""
    aspect, keys = ASPECTS[place.field]
    alert, settings = piece(value.get("alert_info")), piece(value.get("phone_number_settings"))
    found = next((value[key] for key in keys if value.get(key) is not None), alert.get("alert_type"))
    facts = place.facts(value, at=instant(value.get("timestamp")))
    facts["number_id"] = place.number_id or identifier(settings.get("phone_number_id")) or _alerted_number(value)
    return ChannelChanged(
        aspect=aspect,
        value=word((items(found) or [None])[0]),
        detail=_detail(value, alert),
        display_number=phone(value.get("display_phone_number")) or phone(value.get("phone_number")) or place.display,
        named_account_id=identifier(piece(value.get("waba_info")).get("waba_id")),
        problems=problems(value.get("errors")) if aspect != "flow" else (),
        **facts,
    )


def _detail(value: dict[str, Any], alert: dict[str, Any]) -> str | None:
    restrictions = [piece(restriction).get("restriction_type") for restriction in items(value.get("restriction_info"))]
    found = (
        piece(value.get("ban_info")).get("waba_ban_state")
        or restrictions
        or piece(value.get("violation_info")).get("violation_type")
        or piece(value.get("disconnection_info")).get("reason")
        or alert.get("alert_severity")
        or value.get("rejection_reason")
    )
    return word(",".join(part for part in items(found) if isinstance(part, str)), chars_max=DETAILS_CHARS_MAX)


def _alerted_number(value: dict[str, Any]) -> str | None:
    return identifier(value.get("entity_id")) if value.get("entity_type") == "PHONE_NUMBER" else None


def template_change(value: dict[str, Any], place: Place) -> Event:
    """Return what changed about a template. The keys decide: Meta's own samples print wrong field names."""
    read = next((reader for key, reader in _TEMPLATE_READERS if key in value), None)
    template_id = identifier(value.get("message_template_id"))
    template_name = word(value.get("message_template_name"), chars_max=DETAILS_CHARS_MAX)
    if read is None or (template_id is None and template_name is None):
        return place.unrecognised("unknown_template_change", value, external_id=template_id)
    return TemplateChanged(
        template_id=template_id,
        name=template_name,
        language=word(value.get("message_template_language")),
        **read(value),
        **place.facts(value, external_id=template_id),
    )


def _template_status(value: dict[str, Any]) -> dict[str, Any]:
    reason = word(value.get("reason"))
    pause = word(piece(value.get("other_info")).get("title"))
    return {
        "aspect": "status",
        "value": word(value.get("event")),
        "reason": reason if reason and reason.upper() != "NONE" else pause,
        "category": word(value.get("message_template_category")),
    }


def _template_quality(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "aspect": "quality",
        "value": word(value.get("new_quality_score")),
        "previous": word(value.get("previous_quality_score")),
    }


def _template_category(value: dict[str, Any]) -> dict[str, Any]:
    """Return a change of category that is done or, 24 hours ahead, announced: `effective_at` tells which."""
    current, coming = word(value.get("new_category")), word(value.get("correct_category"))
    if coming is None:
        return {"aspect": "category", "value": current, "previous": word(value.get("previous_category"))}
    return {
        "aspect": "category",
        "value": coming,
        "previous": current,
        "reason": "announced",
        "effective_at": instant(value.get("category_update_timestamp")),
    }


def _template_components(_value: dict[str, Any]) -> dict[str, Any]:
    return {"aspect": "components", "value": None}


_TEMPLATE_READERS: tuple[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]], ...] = (
    ("new_quality_score", _template_quality),
    ("new_category", _template_category),
    ("correct_category", _template_category),
    ("event", _template_status),
    ("message_template_element", _template_components),
    ("message_template_title", _template_components),
    ("message_template_buttons", _template_components),
    ("message_template_footer", _template_components),
)


def group_change(item: Any, place: Place) -> Event:
    """Return the event of one item of `groups`."""
    if not isinstance(item, dict) or not item:
        return place.unrecognised("empty" if not item else "not_an_object", item)
    return ChannelChanged(
        aspect="group",
        value=word(item.get("type")),
        group_id=identifier(item.get("group_id")),
        problems=problems(item.get("errors")),
        **place.facts(item, at=instant(item.get("timestamp")), external_id=identifier(item.get("request_id"))),
    )


def handover(value: dict[str, Any], place: Place) -> Event:
    """Return who answers from now on, where a number is shared with another responder."""
    kind = word(value.get("type")) or next((key for key in value if key.startswith("control_")), None)
    turn = piece(value.get(kind)) if kind else {}
    return ChannelChanged(
        aspect="handover",
        value=kind,
        detail=word(turn.get("new_owner_role")),
        who=place.who(phone=phone(value.get("wa_id")), bsuid=identifier(value.get("user_id"))),
        **place.facts(value, at=instant(value.get("timestamp"))),
    )


def problem(item: Any, place: Place) -> Event:
    """Return the event of one item of a value's `errors`: trouble of the number or account, not of a message."""
    found = problems([item])
    return ChannelChanged(aspect="problem", value=str(found[0].code), problems=found, **place.facts(_raw(item)))


def user_action(item: Any, place: Place) -> Event:
    """Return the event of one item of `user_actions`, such as a click on a marketing message's link."""
    part = _raw(item)
    return ChannelChanged(
        aspect="user_action",
        value=word(part.get("action_type")) or word(part.get("type")),
        who=place.who(phone=phone(part.get("wa_id")), bsuid=identifier(part.get("user_id"))),
        **place.facts(part, at=instant(part.get("timestamp")), external_id=identifier(part.get("id"))),
    )


def conversion(item: Any, place: Place) -> Event:
    """Return the event of one item of `automatic_events`: a purchase or lead that Meta saw after an ad."""
    part = _raw(item)
    return ChannelChanged(
        aspect="conversion",
        value=word(part.get("event_name")),
        **place.facts(part, at=instant(part.get("timestamp")), external_id=identifier(part.get("id"))),
    )


def conversation_context(item: Any, place: Place) -> Event:
    """Return the summary that another responder left for us."""
    part = _raw(item)
    who = place.who(phone=None, bsuid=None)
    return ChannelChanged(aspect="context", value=word(part.get("type")), who=who, **place.facts(part))


def _raw(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"part": item}
