"""A word of its own in every field that is sealed, written by the product's own way; read from the data registry.

Run inside the product's processes: `plant_everywhere` takes a furnished workspace and gives every sealed field of every
model another word. Which fields had no row to write to is told too, since a search proves nothing about them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from tests.house.canaries import canary
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.fields import SealedField, SealedJSON, SealedText
from troth.base.ids import new_id
from troth.base.registry import REGISTRY
from troth.channels.models import ChannelHealth, ChannelNotice, MessageTemplate, SendingStop
from troth.inbox.models import Conversation, PendingChange, Reaction
from troth.ingest.models import Delivery
from troth.privacy.rights.cases import open_case
from troth.support.models import Breach, BreakGlass, LegalDisclosure, OperatorHold
from troth.support.models.breach import TELL_AUTHORITY_WITHIN, TELL_PEOPLE_WITHIN
from troth.workspaces.scope import scope


def sealed_fields() -> Iterator[tuple[str, Any]]:
    """Yield every sealed field with the label of its model: by the field's type, or by the app's own hand."""
    for label, said in REGISTRY.items():
        model: Any = apps.get_model(label)
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField) or field.name in said.sealed:
                yield label, field


def plant_everywhere(workspace_id: UUID) -> dict[str, dict[str, str]]:
    """Return the planted words by "app.Model.field", and the fields that no row has."""
    planted, bare = {}, {}
    with scope(workspace_id):
        _furnish_the_rest()
    for label, field in sealed_fields():
        name = f"{label}.{field.name}"
        word = canary()
        if _plant(apps.get_model(label), field, word, workspace_id=workspace_id):
            planted[name] = word
        else:
            bare[name] = word
    return {"planted": planted, "bare": bare}


def _plant(model: Any, field: Any, word: str, *, workspace_id: UUID) -> bool:
    """Write the word into one row, as the product writes, and read it back. Return whether there was a row."""
    with _within(model, workspace_id):
        if not isinstance(field, SealedField):
            return _by_hand[model._meta.label](word)
        if model._meta.label in _once:
            row = _once[model._meta.label](workspace_id, {field.name: word})
            assert word in str(model._default_manager.values_list(field.name, flat=True).get(pk=row.pk))
            return True
        row = model._default_manager.order_by("pk").first()
        if row is None:
            return False
        value: Any = (
            word
            if isinstance(field, SealedText)
            else {"word": word}
            if isinstance(field, SealedJSON)
            else word.encode()
        )
        setattr(row, field.name, value)
        row.save(update_fields=[field.name])
        again = model._default_manager.values_list(field.name, flat=True).get(pk=row.pk)
        assert word in str(again), f"{model._meta.label}.{field.name} does not give back what was written"
        return True


@contextmanager
def _within(model: type[models.Model], workspace_id: UUID) -> Iterator[None]:
    walled = any(field.attname == "workspace_id" for field in model._meta.local_concrete_fields)
    inside: Any = scope(workspace_id) if walled or model._meta.label == "workspaces.Workspace" else nullcontext()
    with inside:
        yield


def _note(word: str) -> bool:
    """Write an entry whose detail holds the word."""
    record("house.planted", by=Actor.system(), detail={"word": word})
    return True


_by_hand = {"audit.Entry": _note}


def _breach(_: UUID, words: dict[str, str]) -> Breach:
    at = now()
    clocks = {"authority_due_at": at + TELL_AUTHORITY_WITHIN, "people_due_at": at + TELL_PEOPLE_WITHIN}
    said = {"summary": "x", "advice": "x", "lessons": "x"} | words
    return Breach.objects.create(drill=True, detected_at=at, exposed="all", opened_by=new_id(), **clocks, **said)


def _glass(workspace_id: UUID, words: dict[str, str]) -> BreakGlass:
    said = {"reason": "x", "bar_basis": "x"} | words
    bar = {"bar_until": now() + timedelta(days=1)}
    return BreakGlass.objects.create(
        workspace_id=workspace_id, ground="law", kind="list", asked_by=new_id(), **bar, **said
    )


def _disclosure(workspace_id: UUID, words: dict[str, str]) -> LegalDisclosure:
    said = dict.fromkeys(("authority", "reference", "basis", "refusal", "gag_basis"), "x") | words
    facts = {"asked_by": new_id(), "refused_by": new_id(), "refused_at": now(), "gag_until": now() + timedelta(days=1)}
    return LegalDisclosure.objects.create(workspace_id=workspace_id, kind="list", **facts, **said)


def _hold(workspace_id: UUID, words: dict[str, str]) -> OperatorHold:
    said = dict.fromkeys(("reference", "basis", "gag_basis"), "x") | words
    facts = {"asked_by": new_id(), "gag_until": now() + timedelta(days=1), "review_on": now().date()}
    named = {"kind": "workspace", "target_ids": [workspace_id]}
    return OperatorHold.objects.create(workspace_id=workspace_id, **named, **facts, **said)


# Registers of the installation, in which nothing is written over: each word comes with a row of its own.
_once: dict[str, Callable[[UUID, dict[str, str]], models.Model]] = {
    "support.Breach": _breach,
    "support.BreakGlass": _glass,
    "support.LegalDisclosure": _disclosure,
    "support.OperatorHold": _hold,
}


def _furnish_the_rest() -> None:
    """Add rows of the tables that talk alone does not fill."""
    thread = Conversation.objects.select_related("channel", "contact").first()
    assert thread is not None
    here = {"channel": thread.channel, "at": now()}
    Reaction.objects.create(
        channel=thread.channel,
        target_hash=b"\2" * 16,
        reactor=thread.contact,
        emoji="x",
        at=now(),
        order_hash=b"\3" * 16,
    )
    PendingChange.objects.create(**here, target_hash=b"\4" * 16, kind="edit", detail={}, once_hash=b"\5" * 16)
    ChannelNotice.objects.create(**here, aspect="alert", detail={}, once_hash=b"\6" * 16)
    MessageTemplate.objects.create(account_id="1", name="planted", language="en", components=[])
    ChannelHealth.objects.create(channel=thread.channel, parts=[])
    SendingStop.objects.create(reason="x", stopped_by=new_id())
    open_case("access", "unknown", None, "mail", by=Actor.system(), words="x", address="x")  # the operator's
    Delivery.objects.create(
        channel_id=thread.channel_id, secret_hash=b"\7" * 16, body=b"{}", body_hash=b"\7" * 16, received_at=now(),
        parked_at=now(),
    )  # fmt: skip
