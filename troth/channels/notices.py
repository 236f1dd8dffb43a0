"""Keeps what Meta tells of numbers, accounts and templates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.channels.contract import ChannelChanged, Event, TemplateChanged
from troth.channels.mails import tell_of_trouble
from troth.channels.models import Channel, ChannelNotice, MessageTemplate
from troth.channels.trouble import ENDS, TROUBLES

Tag = TypeVar("Tag")
Result = Literal["applied", "repeated", "older", "announced"]

# Only these words say how an account stands; its other events (a linked advertising account) leave that as it is.
FOLLOWED = frozenset(TROUBLES) | ENDS
OTHER_ACCOUNT = "other_account"


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
                aspect=_aspect(event, accounts.get(channel, ""))[:32],
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
        yield tag, new


def _accounts(notices: Sequence[tuple[UUID, Event, datetime]]) -> dict[UUID, str]:
    """Return the accounts of those channels whose news name an account; most news name none, and cost nothing here."""
    naming = {channel for channel, event, _ in notices if isinstance(event, ChannelChanged) and event.named_account_id}
    return dict(Channel.objects.filter(id__in=naming).values_list("id", "account_id")) if naming else {}


def _aspect(event: ChannelChanged, account_id: str) -> str:
    """Return what the news are about. A partner's app also hears of accounts that are not this channel's: they are
    named in the news, and the news come for the partner's business."""
    is_of_another = (
        event.aspect == "account" and account_id and event.named_account_id
        and account_id not in (event.named_account_id, event.account_id)
    )  # fmt: skip
    return OTHER_ACCOUNT if is_of_another else event.aspect


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
    if notice.aspect == "quality" and notice.value:
        column, limit, others = "quality", 16, others.exclude(value="")
    elif notice.aspect == "account" and notice.value in FOLLOWED:
        column, limit, others = "status", 24, others.filter(value__in=FOLLOWED)
    else:
        return
    newest = (notice.at, bytes(notice.once_hash))
    if all((at, bytes(digest)) <= newest for at, digest in others.values_list("at", "once_hash")):
        others_than_this = Channel.objects.filter(id=notice.channel_id).exclude(**{column: notice.value[:limit]})
        if others_than_this.update(**{column: notice.value[:limit]}) and notice.value in TROUBLES:
            tell_of_trouble(notice.channel_id)


def is_of_another_number(channel: Channel, event: ChannelChanged) -> bool:
    """Return whether news that came for a whole account are of one number of it, and not of this one."""
    ours = "".join(character for character in channel.display_number or "" if character.isdigit())
    return bool(not event.number_id and event.display_number and ours and ours != event.display_number)


def keep_templates(changes: Sequence[tuple[Event, datetime]], tags: Sequence[Tag]) -> Iterator[tuple[Tag, Result]]:
    """Keep what is told of templates; yield each change's tag and what became of it."""
    for (event, at), tag in zip(changes, tags, strict=True):
        assert isinstance(event, TemplateChanged)
        if event.reason == "announced":
            # Meta says what it will do in a day; the template changes when it has done so.
            yield tag, "announced"
        else:
            yield tag, _keep_template(event, at)


def _keep_template(event: TemplateChanged, at: datetime) -> Result:
    account = event.account_id or ""
    name = (event.name or f"#{event.template_id}")[:512]
    language = (event.language or "").replace("-", "_")[:16]
    template = MessageTemplate.objects.filter(account_id=account, name=name, language=language).first()
    template = template or MessageTemplate(account_id=account, name=name, language=language)
    # Facts of one instant are told apart by what they say, so that their order does not matter.
    told = msgspec.json.encode([event.value, event.raw], order="deterministic")
    stamp = f"{at.isoformat()} {ring().index(told, place='channels_messagetemplate').hex()}"
    before: str = template.changed_at.get(event.aspect, "")
    news = _set(template, event.aspect, stamp, _facts(event))
    if event.template_id:
        news |= _set(template, "id", stamp, {"external_id": event.template_id[:64]})
    if news:
        template.save()
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


def _facts(event: TemplateChanged) -> dict[str, Any]:
    value = event.value or ""
    match event.aspect:
        case "components":
            return {"components": event.raw}
        case "status":
            return {"status": value[:32], "reason": (event.reason or "")[:64]}
        case "quality":
            return {"quality": value[:16]}
        case "category":
            return {"category": value[:32]}
