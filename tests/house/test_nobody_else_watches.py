"""No advertising, no profiling, no tool of others that watches: not in what we ship, not in what we depend on."""

import re
from pathlib import Path

import pytest

from troth.base.registry import REGISTRY, DataClass

pytestmark = pytest.mark.clause("A2.3b", "A5.3b")

ROOT = Path(__file__).resolve().parent.parent.parent
WATCHERS = re.compile(
    r"google-analytics|googletagmanager|gtag\(|doubleclick|facebook\.net|fbq\(|connect\.facebook|hotjar|mixpanel|segment\.(io|com)"
    r"|amplitude|fullstory|posthog|plausible\.io|matomo|clarity\.ms|sentry|datadog|newrelic|bugsnag|logrocket|intercom|heap\.io",
    re.IGNORECASE,
)
SHIPPED = (".py", ".html", ".txt", ".js", ".css", ".webmanifest", ".svg")


def test_nothing_that_we_ship_names_a_tool_that_watches() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "troth").rglob("*")
        if path.suffix in SHIPPED and "tests" not in path.parts and WATCHERS.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_nothing_that_we_depend_on_watches() -> None:
    assert WATCHERS.findall((ROOT / "requirements.txt").read_text()) == []


def test_the_look_would_find_one() -> None:
    assert WATCHERS.search('<script src="https://www.googletagmanager.com/gtag/js">')


def test_nothing_is_kept_to_judge_people_by() -> None:
    """A score, a rank or a guess about a person would be a field; there is none."""
    judging = re.compile(r"score|rating|rank|segment|propensity|predict|persona|profile_of", re.IGNORECASE)
    assert [
        f"{label}.{name}" for label, said in REGISTRY.items() for name in said.classes if judging.search(name)
    ] == []


def test_usage_is_never_of_a_person() -> None:
    for label, said in REGISTRY.items():
        if DataClass.USAGE in said.classes.values():
            assert said.subject == "workspace", label
            assert set(said.classes.values()) <= {DataClass.USAGE, DataClass.OPS}, label
