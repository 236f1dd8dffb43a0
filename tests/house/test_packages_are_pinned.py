"""What is installed is what was looked at: each package by its version and the sum of its file, and nothing beside."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.live import ROOT

pytestmark = pytest.mark.clause("X35")

LOCKS = sorted(ROOT.glob("requirements*.txt"))
PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[\w,-]+\])?==([\w.!+]+)(?: ; [^\\]+)?((?: --hash=sha256:[0-9a-f]{64})+)")


def packages(lock: str) -> dict[str, str]:
    """Return the packages of a lock with their versions. Raises: AssertionError for a line that pins nothing."""
    whole = re.sub(r"\s*#[^\n]*", "", lock).replace("\\\n", " ")
    found = {}
    for line in filter(None, (" ".join(line.split()) for line in whole.splitlines())):
        pin = PIN.fullmatch(line)
        assert pin is not None, f"pins nothing: {line[:80]}"
        found[_plain(pin[1])] = pin[3]
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_the_sum_of_its_file(lock: Path) -> None:
    assert len(packages(lock.read_text())) > 3


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_whatever_is_wanted_is_locked(lock: Path) -> None:
    wanted = re.findall(r"^([A-Za-z0-9][\w.-]*)", lock.with_suffix(".in").read_text(), re.MULTILINE)
    assert {_plain(name) for name in wanted} <= set(packages(lock.read_text()))


def test_what_runs_here_is_what_the_lock_says() -> None:
    locked = packages((ROOT / "requirements.txt").read_text())
    here = {
        name: version(name) for name in ("django", "django-allauth", "cryptography", "psycopg", "granian", "aiohttp")
    }
    assert here == {name: locked[name] for name in here}


def test_sums_are_asked_for_when_it_is_installed_and_when_holes_are_looked_for() -> None:
    for place in ("config/installers.py", "config/checks/audit.py"):
        source = (ROOT / place).read_text()
        assert "--require-hashes" in source
        assert not re.search(r"--(extra-)?index-url|--trusted-host|--no-deps", source)


@pytest.mark.parametrize(
    "line",
    [
        "django",
        "django>=5",
        "django==5.2.19",
        "django @ https://example.test/django.whl",
        "git+https://example.test/x",
        "--extra-index-url https://example.test/",
        "django==5.2.19 --hash=md5:" + "0" * 32,
    ],
)
def test_the_look_sees_what_is_not_pinned(line: str) -> None:
    with pytest.raises(AssertionError):
        packages(line)
