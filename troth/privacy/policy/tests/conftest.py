"""A policy with a second version that matters, for tests of what happens then."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from troth.privacy.policy import force
from troth.privacy.policy.clauses import clauses
from troth.privacy.policy.versions import Version, freeze, load


@dataclass
class Policy:
    """The versions that this test's installation knows."""

    folder: Path

    def publish(self, *, on: date, effective: date, significant: bool = True) -> Version:
        """Add a version whose first sentence is another one."""
        first, *others = clauses().all
        text = replace(clauses(), all=(replace(first, sentence=f"We are somebody else since {on}."), *others))
        freeze(text, on=on, effective=effective, significant=significant, summary="We are others.", folder=self.folder)
        return load(self.folder)[-1]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Policy]:
    """An installation whose policy began on 1 January 2027; each test publishes what it needs."""
    made = Policy(tmp_path)
    day = date(2027, 1, 1)
    freeze(clauses(), on=day, effective=day, significant=False, summary="The first.", folder=tmp_path)
    for module in ("force", "notices", "acknowledgements", "views.policy"):
        name = "all_versions" if module == "views.policy" else "versions"
        monkeypatch.setattr(f"troth.privacy.policy.{module}.{name}", lambda: load(tmp_path))
    force.forget_notices()
    yield made
    force.forget_notices()
