"""Keeps what Meta tells of numbers, accounts and templates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.channels import alerts
from troth.channels.changing import cut_off
from troth.channels.contract import ChannelChanged, Event, TemplateChanged
from troth.channels.health import limit_told
from troth.channels.mails import tell_of_trouble
from troth.channels.models import About, Channel, ChannelNotice, MessageTemplate
from troth.channels.sync_wanted import ask_for_sync
from troth.channels.trouble import ENDS, LOST, RESTRICTED, TROUBLES

Tag = TypeVar("Tag")
Result = Literal["applied", "repeated", "older"]

# Only these words say how an account stands; its other events (a linked advertising account) leave that as it is.
FOLLOWED = frozenset(TROUBLES) | ENDS
OTHER_ACCOUNT = "other_account"
OTHER_APP = "partner"
# What an older kind of news says of a number's quality. Its other events (a higher limit) leave that as it is.
QUALITIES = {"FLAGGED": "RED", "UNFLAGGED": "YELLOW"}
BAD = "RED"


def keep_notices(notices: Sequence[tuple[UUID, Event, datetime]], tags: Sequence[Tag]) -> Iterator[tuple[Tag, bool]]:
    """Keep notices about channels, each once; yield each one's tag and whether it was new."""
    rows = []
    accounts = _accounts(notices)
    for channel, event, at in notices:
        assert isinstance(event, ChannelChanged)
        raw = msgspec.json.encode(event.raw)
        once = ring().index(raw + str(event.at).encode(), place="channels_channelnotice")
        rows.append(
            ChannelNotice(
                channel_id=channel,
                aspect=_aspect(event, *accounts.get(channel, ("", "")))[:32],
                value=_value(event)[:64],
                detail=event.raw,
                at=at,
                once_hash=once,
            )
        )
    before = _seen(rows)
    ChannelNotice.objects.bulk_create(rows, ignore_conflicts=True)
    for row, tag in zip(rows, tags, strict=True):
        told = (row.channel_id, row.once_hash)
        new = told not in before
        before.add(told)
        if new:
            _follow(row)
            alerts.tell_of_news(row.aspect, row.value)
        yield tag, new


def _accounts(notices: Sequence[tuple[UUID, Event, datetime]]) -> dict[UUID, tuple[str, str]]:
    """Return account and app of those channels whose news name an account; most news name none, and cost nothing here."""
    naming = {channel for channel, event, _ in notices if isinstance(event, ChannelChanged) and event.named_account_id}
    if not naming:
        return {}
    rows = Channel.objects.filter(id__in=naming).values_list("id", "account_id", "app_id")
    return {id: (account, app) for id, account, app in rows}


def _aspect(event: ChannelChanged, account_id: str, app_id: str) -> str:
    """Return what the news are about. A partner's app also hears of accounts that are not this channel's: they are
    named in the news, and the news come for the partner's business. Of other partners' apps it hears too."""
    is_of_another = (
        event.aspect == "account" and account_id and event.named_account_id
        and account_id not in (event.named_account_id, event.account_id)
    )  # fmt: skip
    if is_of_another:
        return OTHER_ACCOUNT
    return OTHER_APP if event.aspect == "account" and _names_another_app(event, app_id) else event.aspect


def _names_another_app(event: ChannelChanged, app_id: str) -> bool:
    told = event.raw.get("waba_info")
    named = told.get("partner_app_id") if isinstance(told, dict) else None
    return bool(app_id and named and str(named) != app_id)


def _value(event: ChannelChanged) -> str:
    """Return the word that decides. Of an account's ban it is the ban's new state: the event itself is the same word
    for disabling an account and for giving it back."""
    states = [part for part in (event.detail or "").split(",") if part in FOLLOWED]
    return states[0] if event.aspect == "account" and event.value == "DISABLED_UPDATE" and states else event.value or ""


def _seen(rows: Sequence[ChannelNotice]) -> set[tuple[UUID, bytes]]:
    if not rows:
        return set()
    known = ChannelNotice.objects.filter(once_hash__in=[row.once_hash for row in rows])
    return {(channel, bytes(digest)) for channel, digest in known.values_list("channel_id", "once_hash")}


def _follow(notice: ChannelNotice) -> None:
    """Let the channel's own fields follow the newest notice of their kind; of those of one instant, always the same."""
    others = ChannelNotice.objects.filter(channel_id=notice.channel_id, aspect=notice.aspect, at__gte=notice.at)
    if notice.aspect == "capability":
        _follow_limit(notice)
        return
    if notice.aspect == "quality" and notice.value in QUALITIES:
        column, value, others = "quality", QUALITIES[notice.value], others.filter(value__in=QUALITIES)
    elif notice.aspect == "account" and notice.value in FOLLOWED:
        column, value, others = "status", notice.value[:24], others.filter(value__in=FOLLOWED)
    else:
        return
    newest = (notice.at, bytes(notice.once_hash))
    if column == "status" and notice.value in LOST:
        if all((at, bytes(digest)) <= newest for at, digest in others.values_list("at", "once_hash")):
            _cut_off(notice)
        return
    if all((at, bytes(digest)) <= newest for at, digest in others.values_list("at", "once_hash")):
        others_than_this = Channel.objects.filter(id=notice.channel_id).exclude(**{column: value})
        _tell(notice, value, changed=bool(others_than_this.update(**{column: value})))


def _tell(notice: ChannelNotice, value: str, *, changed: bool) -> None:
    """Tell by mail what this changed. A further restriction is told although the account stands as restricted already."""
    if changed and value == BAD:
        tell_of_trouble(notice.channel_id, f"number_quality:{value}")
    elif notice.value in TROUBLES and (changed or notice.value == RESTRICTED):
        tell_of_trouble(notice.channel_id, f"{notice.value}:{_restrictions(notice)}")
    elif changed and notice.value in ENDS:
        alerts.tell([About.OVER])


def _restrictions(notice: ChannelNotice) -> str:
    """Return which restrictions a notice names, and until when, as a word that differs wherever they do."""
    detail = notice.detail if isinstance(notice.detail, dict) else {}
    return ring().index(msgspec.json.encode(detail.get("restriction_info")), place="channels_channelnotice").hex()


def _cut_off(notice: ChannelNotice) -> None:
    """Cut a number off, unless it was connected again since, or is disconnected already.

    Meta tells time in whole seconds: what ended in the very second in which the number was connected ended after it.
    """
    channel = Channel.objects.select_for_update(no_key=True).filter(id=notice.channel_id, removed_at=None).first()
    if channel is None or (
        channel.connected_at is not None and notice.at < channel.connected_at.replace(microsecond=0)
    ):
        return
    cut_off(channel, word=notice.value)


def _follow_limit(notice: ChannelNotice) -> None:
    """Let the portfolio's limit follow: the news comes to each of its numbers, and is one fact."""
    account = Channel.objects.filter(id=notice.channel_id).values_list("account_id", flat=True).first()
    told = limit_told(account or "", notice.value, at=notice.at)
    alerts.tell_of_answers((what, new) for what, _before, new in told)


def is_of_another_number(channel: Channel, event: ChannelChanged) -> bool:
    """Return whether news that came for a whole account are of one number of it, and not of this one."""
    ours = "".join(character for character in channel.display_number or "" if character.isdigit())
    return bool(not event.number_id and event.display_number and ours and ours != event.display_number)


def keep_templates(changes: Sequence[tuple[Event, datetime]], tags: Sequence[Tag]) -> Iterator[tuple[Tag, Result]]:
    """Keep what is told of templates; yield each change's tag and what became of it."""
    for (event, at), tag in zip(changes, tags, strict=True):
        assert isinstance(event, TemplateChanged)
        yield tag, _keep_template(event, at)


def _keep_template(event: TemplateChanged, at: datetime) -> Result:
    account = event.account_id or ""
    name = (event.name or f"#{event.template_id}")[:512]
    language = (event.language or "").replace("-", "_")[:16]
    rows = MessageTemplate.objects.select_for_update(no_key=True)
    template = rows.filter(account_id=account, name=name, language=language).first()
    template = template or MessageTemplate(account_id=account, name=name, language=language)
    # Facts of one instant are told apart by what they say, so that their order does not matter.
    told = msgspec.json.encode([event.value, event.raw], order="deterministic")
    stamp = f"{at.isoformat()} {ring().index(told, place='channels_messagetemplate').hex()}"
    # Meta says what it will do in a day; the category itself changes when it has done so.
    aspect = "announced" if event.reason == "announced" else event.aspect
    before: str = template.changed_at.get(aspect, "")
    stood = alerts.standing_of(template)
    news = _set(template, aspect, stamp, _facts(event, template))
    if event.template_id:
        news |= _set(template, "id", stamp, {"external_id": event.template_id[:64]})
    if news:
        alerts.tell_of_template(stood, template)
        template.save()
        if not isinstance(template.components, list) or event.aspect == "components":
            ask_for_sync(account)  # what was told is not all that there is to know
        return "applied"
    return "repeated" if before == stamp else "older"


def _set(template: MessageTemplate, aspect: str, stamp: str, facts: dict[str, Any]) -> bool:
    """Set these facts unless newer ones are known, and return whether they were the newer."""
    known: dict[str, Any] = template.changed_at
    if known.get(aspect, "") >= stamp:
        return False
    template.changed_at = {**known, aspect: stamp}
    for column, value in facts.items():
        setattr(template, column, value)
    return True


def _facts(event: TemplateChanged, template: MessageTemplate) -> dict[str, Any]:
    value = event.value or ""
    if event.reason == "announced":
        return {"correct_category": value[:32], "category_at": event.effective_at}
    match event.aspect:
        case "components":
            # A whole definition, examples and all, is worth more than the words that are told here.
            return {} if isinstance(template.components, list) else {"components": event.raw}
        case "status":
            return {"status": value[:32], "reason": (event.reason or "")[:64], "advice": _advice(event.raw)}
        case "quality":
            return {"quality": value[:16]}
        case "category":
            previous = (event.previous or template.category)[:32]
            return {"category": value[:32], "previous_category": previous}


def _advice(raw: dict[str, Any]) -> str | None:
    """Return Meta's own words on a rejection, None where it says none."""
    info = raw.get("rejection_info")
    said = [info.get(key) for key in ("reason", "recommendation")] if isinstance(info, dict) else []
    return "\n".join(one for one in said if isinstance(one, str) and one)[:1000] or None
