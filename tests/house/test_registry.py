"""Every field of every model says what kind of data it holds, and whatever is sensitive is sealed or says why not."""

import importlib.util

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields import Field

from troth.base.fields import HashField, SealedField
from troth.base.registry import REGISTRY, DataClass, Declaration, declare

pytestmark = pytest.mark.clause("A0.3")

SENSITIVE = {DataClass.CUSTOMER, DataClass.SECRET, DataClass.ACCOUNT, DataClass.GOOGLE, DataClass.EPHEMERAL}
SUBJECTS = {"contact", "member", "workspace", "none"}
LIBRARIES = "config.declarations"

MODELS = apps.get_models(include_auto_created=True)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    """What the tables of libraries hold is declared on a page of its own."""
    if importlib.util.find_spec(LIBRARIES) is None:
        pytest.skip("the tables of libraries are not declared yet")
    __import__(LIBRARIES)


def declaration(model: type[models.Model]) -> Declaration:
    found = REGISTRY.get(model._meta.label)
    assert found is not None, f"{model._meta.label} is not declared"
    return found


def fields_of(model: type[models.Model]) -> "dict[str, Field[object, object]]":
    many = [field for field in model._meta.local_many_to_many if isinstance(field, Field)]
    return {field.name: field for field in [*model._meta.local_fields, *many]}


@every_model
def test_every_field_is_declared_and_nothing_else_is(model: type[models.Model]) -> None:
    assert set(declaration(model).classes) == set(fields_of(model))


@every_model
def test_every_model_says_whom_its_rows_are_about(model: type[models.Model]) -> None:
    assert declaration(model).subject in SUBJECTS


@every_model
@pytest.mark.clause("B5.2")
def test_what_is_sensitive_is_sealed_or_says_in_writing_why_it_is_clear(model: type[models.Model]) -> None:
    said = declaration(model)
    bare = [
        name
        for name, field in fields_of(model).items()
        if said.classes[name] in SENSITIVE
        and not isinstance(field, SealedField)
        and not said.clear.get(name, "").strip()
    ]
    assert [name for name in bare if not isinstance(fields_of(model)[name], HashField)] == []


@every_model
def test_reasons_are_given_only_for_fields_that_are_clear(model: type[models.Model]) -> None:
    fields = fields_of(model)
    assert [name for name in declaration(model).clear if isinstance(fields[name], SealedField)] == []


@every_model
def test_what_is_sealed_is_not_declared_as_mere_operation(model: type[models.Model]) -> None:
    said = declaration(model)
    sealed = [name for name, field in fields_of(model).items() if isinstance(field, SealedField)]
    assert [name for name in sealed if said.classes[name] == DataClass.OPS] == []


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert set(REGISTRY) == {model._meta.label for model in MODELS}


def test_a_field_cannot_be_declared_as_two_kinds_of_data() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("nowhere.Nothing", subject="none", purpose="run", keep="system", ops="id name", customer="name")
    assert "nowhere.Nothing" not in REGISTRY
