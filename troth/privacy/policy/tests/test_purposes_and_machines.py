"""Data has few purposes, all of them named; and no machine that learns is among those who get it."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from troth.base.registry import REGISTRY, Purpose

ROOT = Path(__file__).resolve().parents[4]
# What data may be used for. Whoever adds a purpose changes the policy first.
PROMISED = {
    "talk", "people", "team", "access", "connect", "security", "rights", "support", "notice", "improve", "run",
}  # fmt: skip
# Those who run models for others, by the names of their packages and the hosts that one would call.
PACKAGES = re.compile(
    r"^(openai|anthropic|cohere|mistralai|google-generativeai|google-genai|vertexai|transformers|torch|tensorflow|"
    r"langchain[\w-]*|llama[\w-]*|replicate|huggingface[\w-]*|litellm|ollama|sentence-transformers|scikit-learn)\b",
    re.MULTILINE,
)
HOSTS = re.compile(
    r"api\.(openai|anthropic|cohere|mistral|replicate|deepseek|groq|together|perplexity)\.|generativelanguage\.googleapis|"
    r"aiplatform\.googleapis|bedrock[\w-]*\.|openai\.azure|api-inference\.huggingface"
)


@pytest.mark.clause("A2.3a")
def test_the_purposes_are_those_that_were_promised() -> None:
    assert {purpose.value for purpose in Purpose} == PROMISED


@pytest.mark.clause("A2.3a")
def test_every_table_names_one_of_them() -> None:
    tables = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert tables - set(REGISTRY) == set()
    assert {said.purpose for said in REGISTRY.values()} <= set(Purpose)


@pytest.mark.clause("L10")
def test_no_package_that_runs_or_trains_models_is_installed() -> None:
    for name in ("requirements.in", "requirements.txt"):
        assert PACKAGES.findall((ROOT / name).read_text()) == []


@pytest.mark.clause("L10")
def test_no_address_of_such_a_service_stands_in_the_product() -> None:
    sources = [
        path for folder in ("troth", "config") for path in (ROOT / folder).rglob("*.py") if path != Path(__file__)
    ]
    assert [path.name for path in sources if HOSTS.search(path.read_text())] == []


@pytest.mark.clause("L10")
def test_the_search_finds_what_it_looks_for() -> None:
    assert PACKAGES.search("openai==1.2.3\n")
    assert HOSTS.search("https://api.openai.com/v1")
