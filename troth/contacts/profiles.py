"""What people are called in WhatsApp: the newest names that it gave of each."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.sealing import ring
from troth.contacts.models import Contact, Merge
from troth.contacts.names import name_tokens
from troth.contacts.sighting import Sighting
from troth.workspaces.scope import current_workspace_id

NAME_MAX = 200


def keep_profiles(sightings: Sequence[Sighting], found: Sequence[UUID | None]) -> None:
    """Keep for each contact the newest names that WhatsApp gave, and how new they are."""
    told: dict[UUID, list[Sighting]] = {}
    for sighting, contact in zip(sightings, found, strict=True):
        if contact is not None and (sighting.name or sighting.username):
            told.setdefault(contact, []).append(sighting)
    if not told:
        return
    kept = {c.id: c for c in Contact.objects.filter(id__in=list(told), disputed_at=None).order_by()}
    _lend_on(told, kept)
    called = [
        (kept[contact], _called(kept[contact], some)) for contact, some in sorted(told.items()) if contact in kept
    ]
    _write_profiles([(contact, newest) for contact, newest in called if _is_other(contact, newest)])
    _write_freshness(
        [
            (contact, newest)
            for contact, newest in called
            if not _is_other(contact, newest) and _is_newer(contact, newest)
        ]
    )


def _called(contact: Contact, told: Sequence[Sighting]) -> Sighting:
    """Return what a contact is called after these, in whatever order they came: who has no username yet takes even an
    older one, since what tells of somebody often tells one of the two names only."""
    newest = Sighting(
        at=contact.profile_at or datetime.min.replace(tzinfo=now().tzinfo),
        name=contact.profile_name,
        username=contact.username,
    )
    for one in sorted(told, key=_freshness):
        first, second = (one, newest) if _freshness(one) > _freshness(newest) else (newest, one)
        name = (first.name or second.name or "")[:NAME_MAX] or None
        newest = Sighting(at=first.at, name=name, username=first.username or second.username)
    return newest


def _lend_on(told: dict[UUID, list[Sighting]], kept: dict[UUID, Contact]) -> None:
    """Let whoever stands for a person bear the names of one merged into it, as long as they have none of their own."""
    roots = {one.merged_into_id: one.id for one in kept.values() if one.merged_into_id}
    if not roots:
        return
    lends = Merge.objects.filter(merged__in=list(roots.values()), kept__in=list(roots), undone_at=None)
    for lent in lends.order_by("id"):
        root = kept.get(lent.kept_id) or Contact.objects.filter(id=lent.kept_id, disputed_at=None).first()
        if root is None or (root.profile_name and "profile" not in lent.lent.split()):
            continue
        if "profile" not in lent.lent.split():
            Merge.objects.filter(id=lent.id).update(lent=f"{lent.lent} profile".strip())
        told.setdefault(root.id, told[lent.merged_id])
        kept[root.id] = root


def _freshness(sighting: Sighting) -> tuple[datetime, str, str]:
    return sighting.at, (sighting.name or "")[:NAME_MAX], sighting.username or ""


def _is_newer(contact: Contact, newest: Sighting) -> bool:
    return contact.profile_at is None or newest.at > contact.profile_at


def _is_other(contact: Contact, newest: Sighting) -> bool:
    return (newest.name, newest.username) != (contact.profile_name, contact.username)


def _write_freshness(same: list[tuple[Contact, Sighting]]) -> None:
    """Write how new a name is that stays the same, so that an older one that comes late does not replace it."""
    if not same:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact c SET profile_at = new.at FROM unnest(%b::uuid[], %b::timestamptz[])"
            " AS new (id, at) WHERE c.id = new.id AND c.workspace_id = %s",
            [[contact.id for contact, _ in same], [sighting.at for _, sighting in same], current_workspace_id()],
        )


def _write_profiles(changed: list[tuple[Contact, Sighting]]) -> None:
    if not changed:
        return
    keys = ring()
    fields = {name: Contact._meta.get_field(name) for name in ("profile_name", "username")}
    rows: list[tuple[UUID, bytes | None, bytes | None, datetime, str]] = []
    for contact, sighting in changed:
        tokens = name_tokens(keys, contact.name or sighting.name or "")
        rows.append(
            (
                contact.id,
                fields["profile_name"].seal(sighting.name),  # type: ignore[union-attr]  # a SealedText
                fields["username"].seal(sighting.username),  # type: ignore[union-attr]
                sighting.at,
                "{" + ",".join(map(str, tokens)) + "}",
            )
        )
    columns = list(zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact c SET profile_name = new.name, username = new.username, profile_at = new.at,"
            " name_tokens = new.tokens::int[] FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::timestamptz[],"
            " %s::text[]) AS new (id, name, username, at, tokens) WHERE c.id = new.id AND c.workspace_id = %s",
            [*map(list, columns), current_workspace_id()],
        )
