"""The policy over time: frozen files in policy/versions/, each with its fingerprint in the index. No Django here.

A version is published on one day and takes effect on another. One that matters takes effect thirty days after it was
published at the earliest; a file that says otherwise, or that was changed after it was frozen, is refused.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from troth.privacy.policy.clauses import FOLDER, Clause, Clauses, PolicyError, Section

VERSIONS = FOLDER / "versions"
INDEX = "index.yaml"
NOTICE = timedelta(days=30)
# What a version fixes. The rest of a clause (how it is proven, where it is seen) may get better without a new version.
FROZEN = ("id", "section", "sentence", "limit", "part")


@dataclass(frozen=True)
class Version:
    """One text of the policy. `name` is the day on which it was published, and is what accounts remember."""

    name: str
    published: date
    effective: date
    significant: bool
    summary: str
    fingerprint: str
    text: Clauses


@lru_cache(maxsize=1)
def versions() -> tuple[Version, ...]:
    """Return all versions, the oldest first. Raises: PolicyError."""
    return load(VERSIONS)


def load(folder: Path) -> tuple[Version, ...]:
    """Return the versions in a folder, the oldest first.

    Raises: PolicyError for a changed file, a doubled text, a missing or unlisted file, and for notice that is too short.
    """
    index = yaml.safe_load((folder / INDEX).read_text(encoding="utf-8"))
    found = tuple(_version(folder, entry) for entry in index)
    files = {path.stem for path in folder.glob("*.yaml")} - {Path(INDEX).stem}
    if files != {version.name for version in found}:
        raise PolicyError(f"the index and the files differ: {sorted(files ^ {version.name for version in found})}")
    if sorted({version.name for version in found}) != [version.name for version in found]:
        raise PolicyError("versions stand in the order of their days, each once")
    if len({version.fingerprint for version in found}) != len(found):
        raise PolicyError("two versions hold the same text")
    if found and found[0].significant:
        raise PolicyError("the first version changes nothing, so it cannot be significant")
    return found


def fingerprint(content: bytes) -> str:
    """Return the fingerprint of a version's text (SHA-256, hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


def frozen(text: Clauses) -> bytes:
    """Return the file that keeps a text as it is."""
    data = {
        "sections": [{"id": section.id, "title": section.title} for section in text.sections],
        "clauses": [
            {field: getattr(clause, field) for field in FROZEN if getattr(clause, field) != ""} for clause in text.all
        ],
    }
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000).encode()


def freeze(text: Clauses, *, on: date, effective: date, significant: bool, summary: str, folder: Path) -> Path:
    """Write a new version and enter it in the index. Raises: PolicyError, leaving nothing behind."""
    name, content = on.isoformat(), frozen(text)
    path, index = folder / f"{name}.yaml", folder / INDEX
    if path.exists():
        raise PolicyError(f"there is a version of {name} already")
    before = index.read_text(encoding="utf-8") if index.exists() else ""
    entry = {"version": name, "effective": effective, "significant": significant, "summary": summary}
    entry["fingerprint"] = fingerprint(content)
    path.write_bytes(content)
    index.write_text(before + yaml.safe_dump([entry], sort_keys=False, allow_unicode=True), encoding="utf-8")
    try:
        load(folder)
    except PolicyError:
        path.unlink()
        index.write_text(before, encoding="utf-8")
        raise
    return path


def _version(folder: Path, entry: Any) -> Version:
    if set(entry) != {"version", "effective", "significant", "summary", "fingerprint"}:
        raise PolicyError(f"an entry of the index holds other fields: {sorted(entry)}")
    name = str(entry["version"])
    path = folder / f"{name}.yaml"
    if not path.exists():
        raise PolicyError(f"the version of {name} has no file")
    content = path.read_bytes()
    if fingerprint(content) != entry["fingerprint"]:
        raise PolicyError(f"the version of {name} was changed after it was frozen: write a new one instead")
    published, effective = date.fromisoformat(name), entry["effective"]
    least = published + NOTICE if entry["significant"] else published
    if effective < least:
        raise PolicyError(f"the version of {name} may take effect on {least} at the earliest")
    return Version(
        name, published, effective, entry["significant"], entry["summary"], entry["fingerprint"], _text(content)
    )


def _text(content: bytes) -> Clauses:
    data = yaml.safe_load(content)
    sections = tuple(Section(one["id"], one["title"]) for one in data["sections"])
    # Old versions keep their own words; what has become of how a sentence is proven is not theirs.
    return Clauses(sections, tuple(Clause(**one, why_it_holds="", feature="") for one in data["clauses"]))


def named(name: str, *, among: Sequence[Version]) -> Version | None:
    """Return a version by name, None where there is none."""
    return next((version for version in among if version.name == name), None)
