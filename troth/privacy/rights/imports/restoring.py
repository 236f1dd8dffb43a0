"""Putting the rows of a checked copy into an empty workspace, batch by batch. Doing it again changes nothing."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction

from troth.accounts.models import User
from troth.base.clock import now
from troth.base.sealing import ring
from troth.channels.models import Channel
from troth.inbox.models import Attachment, Message, Reaction
from troth.privacy.rights.exports.walk import COLLEAGUES, Part
from troth.privacy.rights.imports import brought
from troth.privacy.rights.imports.files import put_files
from troth.privacy.rights.imports.moving import Mover
from troth.privacy.rights.imports.reading import BadFile, Copy
from troth.privacy.rights.imports.values import BadRow, Reader, Values
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

BATCH = 500
PROBLEMS_MAX = 100
Progress = Callable[[int], None]
Problem = dict[str, Any]


class DoesNotFit(Exception):
    """The rows of a copy do not fit together: something that one points to is not in it, or stands twice."""


def is_empty() -> bool:
    """Return whether the workspace in scope holds nothing but its members."""
    return not any(
        part.model._default_manager.exists() for part in brought.parts() if part.label not in brought.FOUNDING
    )


def check(copy: Copy, *, workspace_id: UUID, move: Mover, progress: Progress) -> list[Problem]:
    """Read every row and return what is wrong with it: the part, the line, the field. Raises: BadFile."""
    problems: list[Problem] = []
    with scope(workspace_id):
        readers = [_reader(part, move, workspace_id) for part in brought.parts()]
    for reader in readers:
        seen: set[UUID] = set()
        count = 0
        for count, row in enumerate(copy.lines(reader.part.key), 1):
            try:
                id = reader.read(row)["id"]
                if id in seen:
                    raise BadRow("id")
                seen.add(id)
            except BadRow as no:
                problems.append({"part": reader.part.key, "line": count, "field": no.field})
                if len(problems) >= PROBLEMS_MAX:
                    return problems
            if count % BATCH == 0:
                progress(BATCH)
        if count != copy.rows.get(reader.part.key, 0):
            raise BadFile("other_files")
        progress(count % BATCH)
    return problems


def restore(copy: Copy, *, workspace_id: UUID, move: Mover, progress: Progress) -> dict[str, int]:
    """Put all rows in and return how many by part. Raises: DoesNotFit, BadFile; then what was put in has to be undone."""
    counts: dict[str, int] = {}
    with scope(workspace_id):
        parts = brought.parts()
    for part in parts:
        counts[part.key] = 0
        for batch in _batches(copy, part, move, workspace_id):
            try:
                with scope(workspace_id), transaction.atomic():
                    _put(part, batch)
                    _check_keys()
            except (IntegrityError, DataError):
                raise DoesNotFit(part.key) from None
            counts[part.key] += len(batch)
            progress(len(batch))
        if part.model is Attachment:
            put_files(copy, part.key, workspace_id=workspace_id, move=move, progress=progress)
        _tie(copy, part, move, workspace_id)
        with scope(workspace_id):
            if part.label not in brought.FOUNDING and part.model._default_manager.count() != counts[part.key]:
                raise DoesNotFit(part.key)
    return counts


def undo(workspace_id: UUID) -> None:
    """Take out what an import put into a workspace that was empty before."""
    with scope(workspace_id):
        strangers = list(Membership.objects.filter(user__email__endswith=AWAY).values_list("user_id", flat=True))
        for part in reversed(brought.parts()):
            if part.label not in brought.FOUNDING:
                rows = part.model._default_manager.all()
                for key in brought.own_keys(part):
                    rows.filter(**{f"{key}__isnull": False}).update(**{key: None})
                rows._raw_delete(rows.db)
        members = Membership.objects.filter(user_id__in=strangers)
        members._raw_delete(members.db)
        people = User.objects.filter(pk__in=strangers)
        people._raw_delete(people.db)


# Where nobody can write to and nobody can sign in from (RFC 2606).
AWAY = "@imported.invalid"


def _put(part: Part, batch: Sequence[Values]) -> None:
    if part.key == COLLEAGUES:
        _put_colleagues(batch)
        return
    if part.model is Reaction:
        _find_messages(batch)
    for values in batch:
        _stand_back(part, values)
    loose = [{name: None if name in _own(part) else value for name, value in values.items()} for values in batch]
    part.model._default_manager.bulk_create([part.model(**values) for values in loose], ignore_conflicts=True)


def _check_keys() -> None:
    """Let keys that are looked at when a transaction ends be looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _put_colleagues(batch: Sequence[Values]) -> None:
    """Keep the names under which former colleagues wrote. Nobody can sign in as one of them."""
    people = [User(id=one["id"], name=one["name"], email=f"{one['id']}{AWAY}", is_active=False) for one in batch]
    for person in people:
        person.set_unusable_password()
    User.objects.bulk_create(people, ignore_conflicts=True)


def _stand_back(part: Part, values: Values) -> None:
    """Let nobody become a member and no number send because of a file."""
    if part.model in (Membership, Channel) and values["removed_at"] is None:
        values["removed_at"] = now()


def _find_messages(batch: Sequence[Values]) -> None:
    """Let reactions hang on their messages again, by the keyed hashes of this workspace."""
    marks = dict(
        Message.objects.filter(id__in=[one["message"] for one in batch if one["message"]]).values_list(
            "id", "external_hash"
        )
    )
    for one in batch:
        mark = marks.get(one.pop("message"))
        if mark is not None:
            one["target_hash"] = bytes(mark)


def _tie(copy: Copy, part: Part, move: Mover, workspace_id: UUID) -> None:
    """Let rows of a part point to each other, now that all are there."""
    names = brought.own_keys(part)
    if not names:
        return
    for batch in _batches(copy, part, move, workspace_id):
        with scope(workspace_id):
            for values in batch:
                keys = {f"{name}_id": values[f"{name}_id"] for name in names if values[f"{name}_id"] is not None}
                if keys:
                    try:
                        with transaction.atomic():
                            part.model._default_manager.filter(pk=values["id"]).update(**keys)
                    except IntegrityError:
                        raise DoesNotFit(part.key) from None


def _batches(copy: Copy, part: Part, move: Mover, workspace_id: UUID) -> Iterator[list[Values]]:
    with scope(workspace_id):
        reader = _reader(part, move, workspace_id)
    batch: list[Values] = []
    for row in copy.lines(part.key):
        values = reader.read(row)
        if part.model is Reaction:
            values["message"] = move(UUID(row["message"])) if row["message"] else None
        batch.append(values)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _reader(part: Part, move: Mover, workspace_id: UUID) -> Reader:
    return Reader(part, move=move, keys=ring(str(workspace_id)), workspace_id=workspace_id)


def _own(part: Part) -> set[str]:
    return {f"{name}_id" for name in brought.own_keys(part)}
