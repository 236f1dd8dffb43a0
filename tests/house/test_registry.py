"""Every field of every model says what kind of data it holds, and whatever is sensitive is sealed or says why not."""

import subprocess
import sys

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields import Field

from config.jobs import JOBS, SCHEDULES
from troth.accounts.models import User
from troth.base.fields import HashField, SealedField
from troth.base.registry import (
    REGISTRY,
    SENSITIVE,
    STAFF,
    DataClass,
    Declaration,
    Erasure,
    Keep,
    Protection,
    Purpose,
    Seen,
    Staff,
    Subject,
    declare,
)
from troth.contacts.models import Contact
from troth.privacy.datamap.keeping import CLOCKS
from troth.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.clause("A0.3")

# What a row about somebody leads to, by its lookups.
ENDS: dict[Subject, set[type[models.Model]]] = {
    Subject.CONTACT: {Contact},
    Subject.MEMBER: {User, Membership},
    Subject.WORKSPACE: {Workspace},
}
# Tables without a lookup to a workspace that are a workspace's all the same: by a plain column, or because they are one.
BY_COLUMN = {"audit.Entry", "privacy.Erasure"}
# Ids without a foreign key, since their rows outlive whom they name.
PLAIN_IDS = {"subject_id"}
PERSONAL = {DataClass.CUSTOMER, DataClass.ACCOUNT, DataClass.GOOGLE, DataClass.EPHEMERAL, DataClass.SECURITY_LOG}

MODELS = apps.get_models(include_auto_created=True)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
pytestmark = pytest.mark.clause("A0.3", "A1.2")


def declaration(model: type[models.Model]) -> Declaration:
    found = REGISTRY.get(model._meta.label)
    assert found is not None, f"{model._meta.label} is not declared"
    return found


def fields_of(model: type[models.Model]) -> "dict[str, Field[object, object]]":
    many = [field for field in model._meta.local_many_to_many if isinstance(field, Field)]
    return {field.name: field for field in [*model._meta.local_fields, *many]}


def end_of(model: type[models.Model], lookup: str) -> type[models.Model]:
    """Return the model that a lookup leads to. Raises: FieldDoesNotExist."""
    at = model
    for step in filter(None, lookup.split("__")):
        if step in PLAIN_IDS:
            assert isinstance(at._meta.get_field(step), models.UUIDField)
            subject = declaration(model).subject
            return Contact if subject == Subject.CONTACT else User
        related = at._meta.get_field(step).related_model
        assert isinstance(related, type), f"{model._meta.label}.{lookup}: {step} leads nowhere"
        at = related
    return at


@every_model
def test_every_field_is_declared_and_nothing_else_is(model: type[models.Model]) -> None:
    assert set(declaration(model).classes) == set(fields_of(model))


@every_model
def test_every_model_leads_to_whom_its_rows_are_about(model: type[models.Model]) -> None:
    said = declaration(model)
    if said.subject == Subject.NONE:
        assert said.reach == ()
    elif said.subject == Subject.WORKSPACE:
        assert said.reach in ((), ("",))
        columns = {field.attname for field in model._meta.local_concrete_fields}
        if model is not Workspace:
            assert "workspace_id" in columns
        if model._meta.label not in BY_COLUMN:
            assert end_of(model, "" if model is Workspace else "workspace") is Workspace
    else:
        assert said.reach, "a row about somebody says how it leads to them"
        assert {end_of(model, lookup) for lookup in said.reach} <= ENDS[said.subject]


@every_model
def test_a_table_without_a_subject_holds_nothing_personal_for_long(model: type[models.Model]) -> None:
    said = declaration(model)
    if said.subject == Subject.NONE and set(said.classes.values()) & PERSONAL:
        register = said.keep == Keep.RECORD and said.purpose in (Purpose.RIGHTS, Purpose.SECURITY)
        assert said.keep in (Keep.DELIVERED, Keep.MINUTES) or register
        assert said.seen in ((Seen.NOBODY, Seen.OPERATOR) if register else (Seen.NOBODY, Seen.SELF))


@every_model
def test_every_table_about_somebody_leaves_in_exports_or_says_why_not(model: type[models.Model]) -> None:
    said = declaration(model)
    if said.subject != Subject.NONE or set(said.classes.values()) & SENSITIVE:
        assert bool(said.export) != bool(said.unexported.strip())


@every_model
def test_what_outlives_its_subject_says_why(model: type[models.Model]) -> None:
    said = declaration(model)
    assert bool(said.kept.strip()) or said.erase != Erasure.KEEP
    assert not said.kept or said.erase != Erasure.DELETE


@every_model
@pytest.mark.clause("B5.2")
def test_what_is_sensitive_is_sealed_or_says_in_writing_why_it_is_clear(model: type[models.Model]) -> None:
    said = declaration(model)
    bare = [
        name
        for name, field in fields_of(model).items()
        if said.classes[name] in SENSITIVE
        and said.protection(field) == Protection.CLEAR
        and not said.clear.get(name, "").strip()
    ]
    assert bare == []


@every_model
def test_reasons_are_given_only_for_fields_that_are_clear(model: type[models.Model]) -> None:
    said, fields = declaration(model), fields_of(model)
    assert set(said.clear) <= set(fields)
    assert [name for name in said.clear if said.protection(fields[name]) == Protection.SEALED] == []


@every_model
def test_what_is_sealed_by_hand_is_bytes(model: type[models.Model]) -> None:
    """A field that its app seals itself cannot hold text by mistake, and no other field calls itself sealed."""
    fields = fields_of(model)
    for name in declaration(model).sealed:
        assert isinstance(fields[name], models.BinaryField)
        assert not isinstance(fields[name], HashField)


@every_model
def test_what_is_sealed_is_not_declared_as_mere_operation(model: type[models.Model]) -> None:
    said = declaration(model)
    sealed = [name for name, field in fields_of(model).items() if isinstance(field, SealedField)]
    assert [name for name in sealed if said.classes[name] == DataClass.OPS] == []


@every_model
def test_free_text_and_json_do_not_pass_as_mere_operation_unseen(model: type[models.Model]) -> None:
    """Whatever can hold anything is either declared as personal or named here with what it holds."""
    known = {
        "accounts.CacheEntry.value": "instants",
        "channels.MessageTemplate.changed_at": "instants by aspect",
        "channels.MessageTemplate.edits": "instants",
        "channels.PhoneSync.chunks": "numbers of pieces",
        "ingest.Delivery.outcome": "words of ours",
        "inbox.Message.pricing": "Meta's category and whether it is billed",
        "procrastinate.ProcrastinateJob.args": "ids",
        "privacy.Export.rows": "counts",
        "privacy.PersonalExport.rows": "counts",
        "privacy.DataImport.rows": "counts",
        "privacy.Erasure.steps_done": "words of ours",
        "privacy.Erasure.counts": "counts",
        "privacy.Erasure.facts": "counts and instants",
        "privacy.ProbeResult.details": "counts and durations",
        "support.LegalDisclosure.made_counts": "counts",
        "support.Breach.affected": "counts by workspace",
    }
    said = declaration(model)
    if model.__module__.startswith("django."):
        return
    loose = [
        f"{model._meta.label}.{name}"
        for name, field in fields_of(model).items()
        if said.classes[name] == DataClass.OPS and isinstance(field, models.JSONField | models.TextField)
    ]
    procrastinate = [name for name in loose if name.startswith("procrastinate.") and name not in known]
    assert set(loose) - set(known) - set(procrastinate) == set()


@every_model
def test_whatever_is_kept_for_a_number_of_days_names_the_number_and_the_job_that_keeps_it(
    model: type[models.Model],
) -> None:
    if declaration(model).keep in (Keep.DELIVERED, Keep.MINUTES, Keep.SESSION):
        clock = CLOCKS[model._meta.label]
        assert clock.job in JOBS
        assert clock.job in SCHEDULES


def test_every_process_knows_what_the_tables_of_libraries_hold() -> None:
    code = "import django; django.setup(); from troth.base.registry import REGISTRY; print(len(REGISTRY))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) == len(MODELS)


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert set(REGISTRY) == {model._meta.label for model in MODELS}


def test_staff_see_no_secret_and_nothing_of_google_ever() -> None:
    assert set(STAFF) == set(DataClass)
    never = (DataClass.SECRET, DataClass.GOOGLE, DataClass.EPHEMERAL, DataClass.AUDIT, DataClass.SECURITY_LOG)
    assert {STAFF[kind] for kind in never} == {Staff.HIDDEN}
    assert STAFF[DataClass.CUSTOMER] == STAFF[DataClass.ACCOUNT] == Staff.TICKED


def test_what_never_stands_in_a_model_is_declared_by_none() -> None:
    assert [label for label, said in REGISTRY.items() if DataClass.EPHEMERAL in said.classes.values()] == []


def test_a_field_cannot_be_declared_as_two_kinds_of_data() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("nowhere.Nothing", subject="none", purpose="run", keep="system", ops="id name", customer="name")
    assert "nowhere.Nothing" not in REGISTRY


@pytest.mark.parametrize(
    "facts",
    [
        {"subject": "everybody", "purpose": "talk", "keep": "talk"},
        {"subject": "contact", "purpose": "advertising", "keep": "talk"},
        {"subject": "contact", "purpose": "talk", "keep": "forever"},
        {"subject": "contact", "purpose": "talk", "keep": "talk", "erase": "perhaps"},
        {"subject": "contact", "purpose": "talk", "keep": "talk", "seen": "everybody"},
    ],
)
def test_there_are_no_other_words_than_ours(facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        declare("nowhere.Nothing", ops="id", **facts)  # type: ignore[arg-type]  # wrong on purpose
    assert "nowhere.Nothing" not in REGISTRY
