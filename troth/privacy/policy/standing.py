"""How each promise stands: what its tests said, what the latest look found, and the honest word for both together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.apps import apps

from troth.base.clock import now
from troth.base.probes import Probe, probes
from troth.privacy.models import ProbeResult
from troth.privacy.policy import results
from troth.privacy.policy.asking import FRESH_FOR
from troth.privacy.policy.clauses import Clause, Clauses, Section, clauses
from troth.privacy.policy.results import Proof

PARTS = {"google": "troth.google", "billing": "troth.billing", "web": "troth.live"}


class State(StrEnum):
    """How a promise stands, the worst first."""

    BROKEN = "broken"  # a test or a look failed
    UNPROVEN = "unproven"  # no test has passed
    UNSEEN = "unseen"  # tests passed, but the look is missing or older than a day
    KEPT = "kept"
    PROCESS = "process"  # kept by people; a register shows it
    LATER = "later"  # its part is not installed: the sentence does not apply yet


ORDER = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True)
class Look:
    """The latest answer of a probe. `at` is None where it never answered."""

    probe: Probe | None
    name: str
    ok: bool
    words: str
    at: datetime | None

    @property
    def is_fresh(self) -> bool:
        return self.at is not None and now() - self.at <= FRESH_FOR


@dataclass(frozen=True)
class Promise:
    """One clause with all that is known of it."""

    clause: Clause
    state: State
    tests: Proof | None
    look: Look | None


@dataclass(frozen=True)
class Group:
    """The promises under one heading, the worst first."""

    section: Section
    promises: tuple[Promise, ...]


def is_installed(part: str) -> bool:
    """Return whether this installation has the part that a clause comes with."""
    return part == "core" or apps.is_installed(PARTS[part])


def promises() -> list[Promise]:
    """Return every promise as it stands now. One query."""
    known = clauses()
    runs = results.newest(results.SHIPPED, results.local_file())
    return judge(known, results.by_clause(runs, known), ProbeResult.objects.latest_of_each())


def judge(known: Clauses, tests: Mapping[str, Proof], latest: Mapping[str, ProbeResult]) -> list[Promise]:
    """Return every promise, given what the tests said by clause and the newest answers by probe."""
    asked = {probe.name: probe for probe in probes()}
    found = []
    for clause in known.all:
        said = tests.get(clause.id)
        look = _look(clause.probe, asked, latest) if clause.probe else None
        found.append(Promise(clause, _state(clause, said, look), said, look))
    return found


def groups(promised: Iterable[Promise], known: Clauses) -> list[Group]:
    """Return the promises by heading; under each, what needs a look comes first."""
    listed = sorted(promised, key=lambda promise: ORDER[promise.state])
    return [
        Group(section, tuple(one for one in listed if one.clause.section == section.id)) for section in known.sections
    ]


def _state(clause: Clause, tests: Proof | None, look: Look | None) -> State:
    if not is_installed(clause.part):
        return State.LATER
    if (tests and not tests.passed) or (look and look.at and not look.ok):
        return State.BROKEN
    if clause.kind == "process":
        return State.PROCESS
    if tests is None:
        return State.UNPROVEN
    return State.KEPT if look is None or look.is_fresh else State.UNSEEN


def _look(name: str, asked: Mapping[str, Probe], latest: Mapping[str, ProbeResult]) -> Look:
    probe, answer = asked.get(name), latest.get(name)
    if probe is None or answer is None:
        return Look(probe, name, ok=False, words="", at=None)
    return Look(probe, name, answer.ok, answer.words, answer.at)
