"""Who works on data for us: editions of a list that is never changed, only added to, and announced before it holds.

`python -m troth.privacy.datamap.subprocessors` prints what the declared hosts say today, for the next edition.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from troth.base.http.hosts import Host, hosts, owners

FILE = Path(__file__).resolve().parents[3] / "policy" / "subprocessors.yaml"
NOTICE = timedelta(days=30)
_TOLD = ("hosts", "purpose", "sends")
START = ""  # what the first edition's digest stands on

Processor = dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """The list as it holds from a day on. `digest` covers it and, through `previous`, all before it."""

    announced: date
    since: date
    processors: tuple[Processor, ...]
    digest: str
    previous: str = START

    def computed(self) -> str:
        """Return the digest that the edition should carry."""
        facts = [self.previous, self.announced.isoformat(), self.since.isoformat(), list(self.processors)]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def hosts(self) -> set[str]:
        """The names of all hosts on the list."""
        return {name for processor in self.processors for name in processor["hosts"]}


def read(text: str) -> list[Edition]:
    """Return the editions of a file, oldest first."""
    found: list[Edition] = []
    for raw in yaml.safe_load(text)["editions"]:
        previous = found[-1].digest if found else START
        since = raw["from"]
        found.append(Edition(raw["announced"], since, tuple(raw["processors"]), raw["digest"], previous))
    return found


@lru_cache(maxsize=1)
def editions() -> list[Edition]:
    """Return all editions, oldest first."""
    return read(FILE.read_text())


def troubles(found: Sequence[Edition]) -> list[str]:
    """Return what is wrong with a history: an edition changed afterwards, out of order, or without its 30 days."""
    wrong = []
    for number, edition in enumerate(found):
        if edition.digest != edition.computed():
            wrong.append(f"edition {number + 1} is not what it was: its digest would be {edition.computed()}")
        if number and edition.since - edition.announced < NOTICE:
            wrong.append(f"edition {number + 1} was announced less than {NOTICE.days} days ahead")
        if number and edition.since <= found[number - 1].since:
            wrong.append(f"edition {number + 1} does not follow the one before it")
    return wrong


def in_force(*, on: date) -> Edition:
    """Return the edition that holds on a day; before the first, the first."""
    held = [edition for edition in editions() if edition.since <= on]
    return held[-1] if held else editions()[0]


def coming(*, on: date) -> list[Edition]:
    """Return the editions that are announced and do not hold yet."""
    return [edition for edition in editions() if edition.since > on]


def news(edition: Edition, *, after: Edition) -> list[Processor]:
    """Return what an edition adds: by processor the hosts, purposes and things sent that were not there before."""
    before = {processor["of"]: processor for processor in after.processors}
    found = []
    for processor in edition.processors:
        known = before.get(processor["of"], {})
        added = {key: [one for one in processor[key] if one not in known.get(key, [])] for key in _TOLD}
        if any(added.values()) or not known:
            found.append({"of": processor["of"], **added})
    return found


def declared() -> list[Processor]:
    """Return the list as the declared hosts say it, in the form of the file."""
    return [_processor(of, found) for of, found in owners(host for host in hosts() if host.subprocessor).items()]


def own() -> list[Processor]:
    """Return what the operator of this installation chose, in the same form: no company of ours, and on no edition."""
    return [_processor(of, found) for of, found in owners(host for host in hosts() if not host.subprocessor).items()]


def _processor(of: str, found: list[Host]) -> Processor:
    return {
        "of": of,
        "hosts": [host.name for host in found],
        "purpose": _once(host.purpose for host in found),
        "sends": _once(sent for host in found for sent in host.sends),
        "where": _once(host.where for host in found),
    }


def _once(words: Any) -> list[str]:
    return list(dict.fromkeys(words))


def main() -> None:
    """Print the next edition, with the digest that it needs when it is announced today and holds in 30 days."""
    from troth.base.clock import now  # noqa: PLC0415  # Django is up only when this runs

    known = editions() if yaml.safe_load(FILE.read_text())["editions"] else []
    announced = now().date()
    since = announced + NOTICE if known else announced
    edition = Edition(announced, since, tuple(declared()), "", known[-1].digest if known else START)
    body = {
        "announced": date.fromisoformat(announced.isoformat()),
        "from": date.fromisoformat(since.isoformat()),
        "processors": list(edition.processors),
        "digest": edition.computed(),
    }
    print(yaml.safe_dump([body], sort_keys=False, allow_unicode=True, width=110))  # noqa: T201  # speaks to a person


if __name__ == "__main__":
    import django

    django.setup()
    main()
