"""Model fields that keep what they hold unreadable in the database, and the keyed hashes that find it again."""

from typing import Any

import msgspec
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact

from troth.base.ids import new_id
from troth.base.sealing import INSTALLATION, Ring, Unreadable, reload_ring, ring

_NO_SEARCH = "A sealed field cannot be searched; look it up by its keyed hash."


class IdField(models.UUIDField[Any, Any]):
    """A primary key that we make ourselves, in the order of time."""

    def __init__(self, **options: Any) -> None:
        options = {"primary_key": True, "default": new_id, "editable": False, **options}
        super().__init__(**options)


class SealedField(models.Field[Any, Any]):
    """Bytes sealed under the ring of the workspace in scope, or the installation's with `installation=True`."""

    description = "sealed value"
    empty_strings_allowed = False

    def __init__(self, *args: Any, installation: bool = False, **options: Any) -> None:
        self.installation = installation
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        if self.installation:
            options["installation"] = True
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bytea"

    @property
    def place(self) -> str:
        """The table and column that a value is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def keys(self) -> Ring:
        """Return the ring that seals this field now. Raises: NoRing."""
        return ring(INSTALLATION) if self.installation else ring()

    def seal(self, value: Any) -> bytes | None:
        """Return the stored form of a value, for writing without the ORM."""
        return None if value is None else self.keys().seal(self.encode(value), place=self.place)

    def unseal(self, stored: Any) -> Any:
        """Return the value of a stored form, for reading without the ORM. Raises: Unreadable."""
        if stored is None:
            return None
        blob = bytes(stored)
        keys = self.keys()
        if not keys.knows(blob):
            keys = reload_ring(keys.name)
        return self.decode(keys.unseal(blob, place=self.place))

    def encode(self, value: Any) -> bytes:
        return bytes(value)

    def decode(self, plain: bytes) -> Any:
        return plain

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.unseal(value)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        return self.seal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _IsNothing
        if lookup_name != "isnull":
            raise FieldError(_NO_SEARCH)
        return super().get_lookup(lookup_name)


class _IsNothing(Exact[Any]):
    """`field=None`, which Django turns into IS NULL; any other value cannot be found."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            raise FieldError(_NO_SEARCH)
        super().__init__(lhs, rhs)


class SealedText(SealedField):
    """Text, sealed. NUL characters cannot occur in text from the web and are not treated specially here."""

    def encode(self, value: Any) -> bytes:
        return str(value).encode("utf-8", "surrogatepass")

    def decode(self, plain: bytes) -> str:
        return plain.decode("utf-8", "surrogatepass")


class SealedJSON(SealedField):
    """A JSON-shaped value, sealed."""

    def encode(self, value: Any) -> bytes:
        return msgspec.json.encode(value)

    def decode(self, plain: bytes) -> Any:
        return msgspec.json.decode(plain)


class HashField(models.BinaryField[Any, Any]):
    """A keyed hash (16 bytes) of something that is sealed elsewhere or not kept at all."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("exact", "in", "isnull"):
            raise FieldError("A keyed hash is found by equality only.")
        return super().get_lookup(lookup_name)


__all__ = ["HashField", "IdField", "SealedField", "SealedJSON", "SealedText", "Unreadable"]
