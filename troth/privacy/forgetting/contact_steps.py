"""The steps by which a contact's data go: all that the registry says is about the person, and what names them elsewhere.

All is done twice: first what no legal hold lists; then, once no hold is left, the rest. Without holds the second round
finds nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.db import connection
from django.db.models import Q

from troth.audit.record import erase_details
from troth.base import tombstones
from troth.base.registry import Erasure as Leaves
from troth.base.registry import Subject
from troth.contacts.models import Contact, Suppression
from troth.inbox.latest import tell_latest
from troth.inbox.models import Conversation, Message, Reaction
from troth.inbox.spent import keep_spending
from troth.media.clearing import clear
from troth.privacy.forgetting import plan
from troth.privacy.forgetting.holds_in_force import contact_is_held, held_conversations
from troth.privacy.forgetting.mentions import Mentioned, mentions
from troth.privacy.forgetting.purge import Batch, Step
from troth.privacy.models import Erasure, Export, ExportState, SubjectKind
from troth.privacy.rights.exports.job import end
from troth.workspaces.scope import scope

ROWS = 500  # in one transaction

Body = Callable[["Person"], Batch]


class Person:
    """The contact that an erasure is about, with those that were merged into it, in the scope of its workspace."""

    def __init__(self, erasure: Erasure) -> None:
        self.erasure = erasure
        merged = Contact.objects.filter(merged_into=erasure.subject_id).values_list("id", flat=True)
        self.ids: list[UUID] = [erasure.subject_id, *merged]
        self.held = held_conversations(erasure.subject_id)

    def said(self) -> Q:
        """Return what picks the messages of the person's conversations, and what the person said in groups."""
        return (Q(conversation__contact__in=self.ids) | Q(sender__in=self.ids)) & ~Q(conversation__in=self.held)


def steps() -> Sequence[Step]:
    """Return the steps in their order."""
    first = [_step("tombstone", _bury), *_round("")]
    last = [Step("files", _files, outside=True), _step("afterwards", _afterwards)]
    return [*first, _step("holds", _wait_for_holds), *_round("rest "), *last]


def _round(prefix: str) -> list[Step]:
    around: list[tuple[str, Body]] = [
        ("copies", _copies),
        ("details", _details),
        ("reactions", _reactions),
        ("quotes", _quotes),
    ]
    around += [(f"mentions in {one.label}", partial(_mentions, one)) for one in mentions()]
    rows: list[tuple[str, Body]] = [
        (f"rows of {model._meta.label}", partial(_rows, model)) for model in plan.models_about(Subject.CONTACT)
    ]
    return [_step(prefix + name, body) for name, body in [*around, *rows]]


def _step(name: str, body: Body) -> Step:
    def batch(erasure: Erasure) -> Batch:
        assert erasure.workspace_id is not None
        with scope(erasure.workspace_id):
            if contact_is_held(erasure.subject_id):
                return Batch(waits=True)
            return body(Person(erasure))

    return Step(name, batch)


def _bury(person: Person) -> Batch:
    """Write the tombstone before anything goes: a backup that is restored from now on forgets the person again."""
    erasure = person.erasure
    kept = Suppression.objects.filter(erasure_id=erasure.id).values_list("kind", "value_hash").order_by("id")
    for id in person.ids:  # each: in an older backup they may not be merged yet
        tombstones.append(
            tombstones.Tombstone(
                kind=tombstones.Kind.CONTACT,
                subject_id=id,
                workspace_id=erasure.workspace_id,
                erased_at=erasure.requested_at,
                hashes=tuple(f"{kind}:{bytes(digest).hex()}" for kind, digest in kept),
            )
        )
    return Batch()


def _wait_for_holds(person: Person) -> Batch:
    return Batch(waits=bool(person.held))


def _copies(person: Person) -> Batch:
    """Delete the files with copies of what is about the person; the row of each says only that there was one."""
    theirs = Export.objects.filter(subject_kind=SubjectKind.CONTACT, subject_id__in=person.ids)
    for export in theirs.exclude(state=ExportState.GONE):
        end(export)
    return Batch()


def _details(person: Person) -> Batch:
    """Erase what the audit says beyond ids about the person, their conversations and messages."""
    threads = Conversation.objects.filter(contact__in=person.ids).exclude(id__in=person.held)
    erased = sum(erase_details(target=("contact", id)) for id in person.ids)
    erased += sum(erase_details(target=("conversation", id)) for id in threads.values_list("id", flat=True))
    return Batch({"audit.Entry": erased} if erased else {})


def _reactions(person: Person) -> Batch:
    """Delete reactions on the person's messages, whoever put them there."""
    hashes = Message.objects.filter(person.said(), external_hash__isnull=False).values("external_hash")
    ids = list(Reaction.objects.filter(target_hash__in=hashes).values_list("id", flat=True)[:ROWS])
    return _deleted(Reaction, ids)


def _quotes(person: Person) -> Batch:
    """Take out of others' messages what they quoted of the person's: WhatsApp's ids contain phone numbers."""
    hashes = Message.objects.filter(person.said(), external_hash__isnull=False).values("external_hash")
    others = Message.objects.filter(quote_hash__in=hashes).exclude(person.said())
    ids = list(others.values_list("id", flat=True)[:ROWS])
    Message.objects.filter(id__in=ids).update(quote_id=None, quote_hash=None)
    return Batch(done=len(ids) < ROWS)


def _mentions(where: Mentioned, person: Person) -> Batch:
    """Delete what could not be placed and names the person in its sealed body."""
    found, cursor = where.naming(person.ids, after=person.erasure.cursor)
    where.forget(found)
    return Batch({where.label: len(found)} if found else {}, cursor=cursor, done=not cursor)


def _rows(model: plan.Model, person: Person) -> Batch:
    said = plan.said_of(model)
    picked = model._default_manager.filter(plan.rows_of(model, person.ids))
    if model is Conversation:
        picked = picked.exclude(pk__in=person.held)
    elif (thread := next((path for path in map(_thread_in, said.reach) if path), None)) is not None:
        picked = picked.exclude(**{f"{thread}__in": person.held})
    if said.erase == Leaves.BLANK or (model is Contact and person.held):
        changed = picked.update(**plan.blanks(model))
        return Batch({} if model is Contact else {model._meta.label: changed} if changed else {})
    ids = list(picked.order_by("pk").values_list("pk", flat=True).distinct()[:ROWS])
    if model is Message:
        _remember_groups(person, ids)
        keep_spending(ids)
    return _deleted(model, ids)


def _thread_in(path: str) -> str:
    """Return the part of a lookup that leads to the conversation, empty where it passes none."""
    before, found, _ = path.partition("conversation")
    return before + found if found else ""


def _remember_groups(person: Person, ids: list[UUID]) -> None:
    """Keep the ids of the groups in which the person spoke, until their latest message is told anew."""
    others = Message.objects.filter(id__in=ids).exclude(conversation__contact__in=person.ids)
    groups = {str(id) for id in others.values_list("conversation_id", flat=True)}
    if groups:
        person.erasure.facts["groups"] = sorted(groups | set(person.erasure.facts.get("groups", [])))


def _files(erasure: Erasure) -> Batch:
    """Delete the files of what went."""
    assert erasure.workspace_id is not None
    clear(erasure.workspace_id)
    return Batch()


def _afterwards(person: Person) -> Batch:
    """Show in the list what is the latest now where the person spoke in groups."""
    tell_latest([UUID(id) for id in person.erasure.facts.get("groups", [])])
    return Batch()


def _deleted(model: plan.Model, ids: list[UUID]) -> Batch:
    """Delete rows by id, in one statement and without Django's own walk: the steps know the order."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = ANY(%s)', [ids])  # noqa: S608  # our own names
        count = cursor.rowcount if ids else 0
    return Batch({model._meta.label: count} if count else {}, done=len(ids) < ROWS)
