"""Keeps what Meta tells of numbers, accounts and templates."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Q

from troth.base.sealing import ring
from troth.channels.contract import ChannelChanged, Event, TemplateChanged
from troth.channels.models import Channel, ChannelNotice, MessageTemplate

Tag = TypeVar("Tag")
_COLUMNS = {"status": "status", "quality": "quality", "category": "category", "components": "components"}


def keep_notices(notices: Sequence[tuple[UUID, Event, datetime]], tags: Sequence[Tag]) -> Iterator[tuple[Tag, bool]]:
    """Keep notices about channels, each once; yield each one's tag and whether it was new."""
    rows = []
    for channel, event, at in notices:
        assert isinstance(event, ChannelChanged)
        raw = msgspec.json.encode(event.raw)
        once = ring().index(raw + str(event.at).encode(), place="channels_channelnotice")
        rows.append(
            ChannelNotice(
                channel_id=channel,
                aspect=event.aspect[:32],
                value=(event.value or "")[:64],
                detail=event.raw,
                at=at,
                once_hash=once,
            )
        )
    hashes = [row.once_hash for row in rows]
    before = _seen(rows)
    ChannelNotice.objects.bulk_create(rows, ignore_conflicts=True)
    for (channel, event, at), tag, digest in zip(notices, tags, hashes, strict=True):
        new = (channel, digest) not in before
        before.add((channel, digest))
        if new and isinstance(event, ChannelChanged):
            _follow(channel, event, at)
        yield tag, new


def _seen(rows: Sequence[ChannelNotice]) -> set[tuple[UUID, bytes]]:
    if not rows:
        return set()
    known = ChannelNotice.objects.filter(once_hash__in=[row.once_hash for row in rows])
    return {(channel, bytes(digest)) for channel, digest in known.values_list("channel_id", "once_hash")}


def _follow(channel: UUID, event: ChannelChanged, at: datetime) -> None:
    """Let the channel's own fields follow the newest notice of their kind."""
    column = {"quality": "quality", "account": "status"}.get(event.aspect)
    if column is None or not event.value:
        return
    newer = ChannelNotice.objects.filter(channel_id=channel, aspect=event.aspect, at__gt=at).exists()
    if not newer:
        limit = 16 if column == "quality" else 24
        Channel.objects.filter(id=channel).update(**{column: event.value[:limit]})


def keep_templates(changes: Sequence[tuple[Event, datetime]], tags: Sequence[Tag]) -> Iterator[tuple[Tag, bool]]:
    """Keep what is told of templates; yield each change's tag and whether it was newer than what we knew."""
    for (event, at), tag in zip(changes, tags, strict=True):
        assert isinstance(event, TemplateChanged)
        yield tag, _keep_template(event, at)


def _keep_template(event: TemplateChanged, at: datetime) -> bool:
    language = (event.language or "").replace("-", "_")[:16]
    template = MessageTemplate.objects.filter(
        Q(account_id=event.account_id or "") & Q(name=(event.name or "")[:512]) & Q(language=language)
    ).first() or MessageTemplate(account_id=event.account_id or "", name=(event.name or "")[:512], language=language)
    if event.reason == "announced":
        return False  # Meta says what it will do in a day; the template changes when it has done so
    known: dict[str, Any] = template.changed_at
    stamp = at.isoformat()
    if known.get(event.aspect, "") >= stamp:
        return False
    template.changed_at = {**known, event.aspect: stamp}
    template.external_id = template.external_id or (event.template_id or "")[:64]
    if event.aspect == "components":
        template.components = event.raw
    else:
        setattr(template, _COLUMNS[event.aspect], (event.value or "")[:16])
    if event.aspect == "status":
        template.reason = (event.reason or "")[:64]
    template.save()
    return True
