"""No advertising, no profiling, no selling: there is no purpose, no field, no package and no host for any of them."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
from django.apps import apps

import troth
from troth.base.http.hosts import hosts
from troth.base.registry import REGISTRY, DataClass, Purpose, Subject

pytestmark = pytest.mark.clause("A2.3b", "B2.5", "L10")

ROOT = Path(troth.__file__).parent.parent
# Parts of names of what counts, follows, scores or advertises to people, and of what sends words to a model.
PACKAGES = re.compile(
    r"google-analytics|ga4|segment|mixpanel|amplitude|posthog|heap|hotjar|facebook-?business|fbq|adwords|googleads"
    r"|sentry|rollbar|bugsnag|datadog|newrelic|openai|anthropic|cohere|langchain|litellm|mistral|google-generativeai"
)
HOSTS = re.compile(
    r"google-analytics\.com|googletagmanager\.com|doubleclick\.net|connect\.facebook\.net|hotjar\.com|segment\.(io|com)"
    r"|mixpanel\.com|amplitude\.com|posthog\.com|clarity\.ms|sentry\.io|api\.openai\.com|api\.anthropic\.com|fonts\.googleapis\.com"
)
SCORES = re.compile(r"score|rating|rank|persona|propensity|lifetime_value|churn|likelihood|interest|segment")


def requirements() -> set[str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return {found.group().lower() for line in lines if (found := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line))}


def test_no_package_that_follows_or_advertises_is_required() -> None:
    assert len(requirements()) > 5
    assert [name for name in requirements() if PACKAGES.search(name)] == []
    assert PACKAGES.search("sentry-sdk")


def test_what_is_required_is_installed_and_read_here() -> None:
    assert len(requirements() & {one.metadata["Name"].lower() for one in distributions()}) > 5


def test_no_file_of_ours_names_a_host_that_follows_people() -> None:
    found = [
        path.relative_to(ROOT)
        for path in Path(troth.__file__).parent.rglob("*")
        if path.suffix in (".py", ".html", ".js", ".css") and "tests" not in path.parts and "vendor" not in path.parts
        if HOSTS.search(path.read_text())
    ]
    assert found == []
    assert [host.name for host in hosts() if HOSTS.search(host.name)] == []


def test_there_is_no_purpose_of_advertising_or_profiling() -> None:
    assert set(Purpose) == {
        Purpose(word)
        for word in "talk people team access connect security rights support notice improve run".split()  # noqa: SIM905
    }


def test_no_field_holds_an_opinion_about_a_person() -> None:
    about = [label for label, said in REGISTRY.items() if said.subject == Subject.CONTACT]
    assert about
    opinions = [
        f"{label}.{field.name}"
        for label in about
        for field in apps.get_model(label)._meta.local_concrete_fields
        if SCORES.search(field.name)
    ]
    assert opinions == []


def test_counts_for_improving_are_about_nobody() -> None:
    for label, said in REGISTRY.items():
        if said.purpose == Purpose.IMPROVE:
            assert said.subject in (Subject.NONE, Subject.WORKSPACE), label
            assert set(said.classes.values()) <= {DataClass.USAGE, DataClass.OPS}, label
