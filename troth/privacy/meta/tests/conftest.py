"""Kopi with its channel, an app of the operator's, and a stand-in for the place where cases are opened."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cast import House, kopi, rival
from troth.base.ids import new_id
from troth.privacy.rights import cases as register

OUR_SECRET = "the secret of the operator's own app"


@dataclass
class Cases:
    """What was asked of the stand-in. `fails` makes it break as a database would."""

    opened: list[tuple[Any, ...]] = field(default_factory=list)
    fails: bool = False

    def open_case(self, *facts: Any, **more: Any) -> Any:
        if self.fails:
            raise RuntimeError("away")
        self.opened.append((*facts, more))
        return SimpleNamespace(case=SimpleNamespace(pk=new_id(), reference="AB12CD"), token="the-token")


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Cases:
    made = Cases()
    monkeypatch.setattr(register, "open_case", made.open_case)
    settings.META_APP_SECRETS = [OUR_SECRET]
    return made


@pytest.fixture
def house(db: Any) -> House:
    return kopi()


@pytest.fixture
def stranger(db: Any) -> House:
    return rival()
