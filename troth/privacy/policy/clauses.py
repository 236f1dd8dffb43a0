"""The sentences of the policy, read from policy/clauses.yaml. No Django here: tests and commands read them too."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[3] / "policy"
PARTS = ("core", "google", "billing", "web")
KINDS = ("tested", "process")
_REQUIRED = ("id", "section", "sentence", "why_it_holds", "feature")
_NO_SENTENCE = re.compile(r"[XR]\d+")
_KNOWN = {*_REQUIRED, "limit", "part", "kind", "probe", "covers"}


class PolicyError(Exception):
    """What stands in policy/ cannot be a policy; the message says what and where."""


@dataclass(frozen=True)
class Section:
    """A heading of the policy."""

    id: str
    title: str


@dataclass(frozen=True)
class Clause:
    """One sentence that we promise. `covers` are other ids by which tests name it; `probe` is "" where none looks."""

    id: str
    section: str
    sentence: str
    why_it_holds: str
    feature: str
    limit: str = ""
    part: str = "core"
    kind: str = "tested"
    probe: str = ""
    covers: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address at which a person sees it, "" where the feature is a place in words."""
        return self.feature if self.feature.startswith("/") else ""

    @property
    def needs_tests(self) -> bool:
        """Whether the build is red while no test proves it."""
        return self.part == "core" and self.kind == "tested"


@dataclass(frozen=True)
class Clauses:
    """All sentences, in the order of the policy."""

    sections: tuple[Section, ...]
    all: tuple[Clause, ...]

    def of(self, section: Section) -> list[Clause]:
        """Return the sentences under a heading."""
        return [clause for clause in self.all if clause.section == section.id]

    def named(self, id: str) -> Clause:
        """Return the clause that an id names, its own or one that it covers. Raises: PolicyError."""
        for clause in self.all:
            if id == clause.id or id in clause.covers:
                return clause
        raise PolicyError(f"there is no clause {id} in policy/clauses.yaml")

    def proven_by(self, mark: str) -> Clause | None:
        """Return the clause that a test's mark names. None for an attack (X12) or a conflict of rules (R9), which tests
        name too and no sentence promises. Raises: PolicyError."""
        return None if _NO_SENTENCE.fullmatch(mark) else self.named(mark)


@lru_cache(maxsize=1)
def clauses() -> Clauses:
    """Return the clauses of this release. Raises: PolicyError."""
    return read(yaml.safe_load((FOLDER / "clauses.yaml").read_text(encoding="utf-8")))


def read(data: Any) -> Clauses:
    """Return the clauses that a file holds. Raises: PolicyError for what is unknown, missing, doubled or empty."""
    if not isinstance(data, Mapping) or set(data) != {"sections", "clauses"}:
        raise PolicyError("the file holds `sections` and `clauses` and nothing else")
    sections = tuple(_section(one) for one in data["sections"])
    found = tuple(_clause(one, {section.id for section in sections}) for one in data["clauses"])
    _once((section.id for section in sections), "section")
    _once((name for clause in found for name in (clause.id, *clause.covers)), "clause")
    _once((clause.sentence for clause in found), "sentence")
    for section in sections:
        if not any(clause.section == section.id for clause in found):
            raise PolicyError(f"section {section.id} has no clause")
    return Clauses(sections, found)


def _section(data: Any) -> Section:
    if not isinstance(data, Mapping) or set(data) != {"id", "title"}:
        raise PolicyError(f"a section has an id and a title: {data!r}")
    return Section(str(data["id"]), _words(data, "title"))


def _clause(data: Any, sections: set[str]) -> Clause:
    if not isinstance(data, Mapping):
        raise PolicyError(f"a clause has fields: {data!r}")
    name = data.get("id") or repr(data)
    if unknown := sorted(set(data) - _KNOWN):
        raise PolicyError(f"clause {name} has unknown fields: {', '.join(unknown)}")
    facts: dict[str, Any] = {field: _words(data, field) for field in _REQUIRED}
    facts |= {field: _words(data, field) for field in ("limit", "part", "kind", "probe") if field in data}
    clause = Clause(**facts, covers=tuple(data.get("covers", ())))
    if clause.section not in sections:
        raise PolicyError(f"clause {name} stands in no known section")
    if clause.part not in PARTS or clause.kind not in KINDS:
        raise PolicyError(f"clause {name}: part is one of {PARTS}, kind one of {KINDS}")
    return clause


def _words(data: Mapping[str, Any], field: str) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not value.strip():
        raise PolicyError(f"{data.get('id') or data!r} lacks `{field}`")
    return value.strip()


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise PolicyError(f"{what} {name} stands twice")
        seen.add(name)
