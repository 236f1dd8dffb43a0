"""Nothing in the product opens a connection to the outside but `troth.base.http`, and that only to declared hosts."""

import ast
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import config
import troth
from config import settings_accounts
from troth.base.http.hosts import hosts, may_call

pytestmark = pytest.mark.clause("A3.1", "B2.5", "B6.1", "L10", "X11")

ROOT = Path(troth.__file__).parent.parent
# Modules by which a program can call out.
WAYS = {
    "requests", "urllib3", "httpx", "aiohttp", "http.client", "urllib.request", "ftplib", "poplib", "imaplib", "nntplib",
    "smtplib", "telnetlib", "socket", "socketserver", "xmlrpc", "websockets", "websocket", "grpc", "paramiko", "boto3",
    "botocore", "stripe", "googleapiclient", "google.auth", "openai", "anthropic", "sentry_sdk", "resend", "twilio",
    "pycurl", "asyncore", "multiprocessing.connection", "awscrt", "minio",
}  # fmt: skip
CALLS = {"open_connection", "create_connection", "open_unix_connection", "urlopen", "sock_connect", "start_tls"}
# Who may, with the reason.
MAY: dict[str, set[str]] = {
    "troth/base/http/": {"aiohttp", "socket"},  # the one way out
    "troth/media/signing.py": {"awscrt"},  # signs what our client then sends; opens nothing itself
    "troth/accounts/delivery.py": {"smtplib"},  # mail, to the server that the operator named
    "troth/accounts/resend.py": {"requests"},  # the words of anymail's errors; the call is made by our client
    "config/backup/tunnel.py": {"socket", "open_connection", "sock_connect"},  # to the operator's own database, by TLS
    "config/supervise/ports.py": {"socket"},  # looks whether a port of this machine is free
    "config/supervise/run.py": {"socket", "create_connection"},  # asks this machine whether the web server answers
}


def sources() -> list[Path]:
    found = [*Path(troth.__file__).parent.rglob("*.py"), *Path(config.__file__).parent.rglob("*.py")]
    return [path for path in found if "tests" not in path.parts]


def ways_out(source: str) -> Iterator[str]:
    """Yield the ways out that a source names, however it imports or calls them."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                names = [str(node.args[0].value)]
            elif called in CALLS:
                yield called
        yield from {way for way in WAYS for name in names if name == way or name.startswith(f"{way}.")}


def allowed(path: str) -> set[str]:
    return {way for place, ways in MAY.items() if path.startswith(place) for way in ways}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_calls_nobody_by_itself(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    assert set(ways_out(path.read_text())) - allowed(name) == set()


def test_the_walk_sees_every_way_of_naming_a_way_out() -> None:
    sources_of_trouble = [
        "import requests",
        "import urllib.request as u",
        "from urllib import request",
        "from http import client",
        "def f():\n    from httpx import get",
        "import importlib\nimportlib.import_module('requests')",
        "import asyncio\nasyncio.open_connection('a', 1)",
        "import google.auth.transport",
    ]
    for source in sources_of_trouble:
        assert set(ways_out(source)), source
    assert set(ways_out("from urllib.parse import urlsplit\nfrom http.cookies import SimpleCookie")) == set()


def test_nobody_but_tests_tells_the_client_to_call_hosts_that_are_not_declared() -> None:
    """`may_call` and `trusted` are for tests, for what stands in for Meta in development, and for this machine itself."""
    told = {
        (str(path.relative_to(ROOT)), keyword.arg)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("may_call", "trusted")
    }
    inside = {entry for entry in told if entry[0].startswith("troth/base/http/")}
    assert told - inside == {
        ("troth/channels/registry/asking.py", "trusted"),
        ("troth/accounts/resend.py", "trusted"),
        ("troth/media/bucket_calls.py", "trusted"),  # a store on this very machine, and no other
    }


def test_outside_of_tests_mail_goes_to_the_declared_host_and_nothing_stands_in_for_it() -> None:
    assert settings_accounts.RESEND_TRUSTED == ()
    assert may_call(str(urlsplit(settings_accounts.RESEND_URL).hostname))


def test_no_host_of_a_model_or_an_advertiser_is_declared() -> None:
    owners = {host.of for host in hosts()}
    assert owners == {"Meta Platforms", "Resend"}
