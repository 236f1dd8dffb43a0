"""No door of the machinery stands open, nothing is set up by whoever comes first, and no secret lies about."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from tests.house.authz import routes
from tests.live import ROOT, Live, LiveHouse

DOORS = """
    /admin/ /admin/login/ /django-admin/ /__debug__/ /debug/ /silk/ /metrics /metrics/ /health /healthz /status
    /server-status /actuator/env /env /.env /.git/config /.git/HEAD /config.json /openapi.json /schema/ /swagger/ /docs/
    /redoc/ /api/ /api/v1/ /graphql /console /shell /phpinfo.php /wp-login.php /install/ /setup/ /static/ /media/
    /static/../config/settings.py /static/%2e%2e/%2e%2e/config/settings.py /static/..%2f..%2fconfig/settings.py
    /static//etc/passwd /%2e%2e/%2e%2e/etc/passwd /favicon.ico.py /backup.sql /dump.sql
"""
PRODUCTION = (
    "import os, django; os.environ['TROTH_ENV'] = 'production'; django.setup();"
    "from django.conf import settings as s; from django.contrib.auth import get_user_model;"
    "print(s.DEBUG, s.TEMPLATES[0].get('OPTIONS', {}).get('debug', False), '*' in s.ALLOWED_HOSTS)"
)
# How secrets of others look, and keys. Made-up ones of tests are words that nobody would take for one.
SECRETS = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/]{40}|\bEAA[A-Za-z0-9]{80,}|\bsk_live_\w{16,}|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,}|\bxox[abp]-[0-9A-Za-z-]{20,}|\bwhsec_[A-Za-z0-9+/]{40,}"
)
NOT_OURS = {".git", ".venv", "var", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}


@pytest.mark.clause("X30")
@pytest.mark.parametrize("path", DOORS.split())
@pytest.mark.parametrize("who", ["", "Alice"])
def test_there_is_no_such_door(path: str, who: str, running: Live, kopi: LiveHouse) -> None:
    headers = {"Cookie": f"session={kopi.cookies[who]}"} if who else {}
    status, page = running.get(path, headers)
    assert status == 404
    assert not re.search(rb"SECRET_KEY|DATABASE|Traceback|root:x:|\[core\]", page)


@pytest.mark.clause("X30")
def test_nothing_of_the_kind_is_installed() -> None:
    assert not {"django.contrib.admin", "debug_toolbar", "silk", "django_extensions"} & {
        one.name for one in apps.get_app_configs()
    }
    named = {route.pattern.split("/")[0] for route in routes()}
    assert not named & {"admin", "debug", "metrics", "schema", "api", "setup", "install"}


@pytest.mark.clause("X30", "X32")
@pytest.mark.parametrize("wish", ["DEBUG", "DJANGO_DEBUG", "TROTH_DEBUG"])
def test_no_word_of_the_environment_makes_production_talkative(wish: str) -> None:
    told = {**os.environ, wish: "1"}
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=ROOT, env=told, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-3:] == ["False", "False", "False"]


@pytest.mark.clause("X30")
def test_whoever_signs_up_first_is_nobody_special(running: Live) -> None:
    """There is no first-run page: power over the installation is given on the machine only."""
    assert running.run(
        "import json; from tests import cast; from troth.support.models import StaffMember;"
        "made = cast.user('First'); print(json.dumps([StaffMember.objects.filter(user=made).exists(),"
        " getattr(made, 'is_staff', False), getattr(made, 'is_superuser', False)]))"
    ) == [False, False, False]


@pytest.mark.clause("X34")
def test_no_secret_stands_in_the_list_of_processes(running: Live) -> None:
    home = Path(running.environment["TROTH_HOME"])
    secrets = {path.read_bytes().strip() for path in (home / "secrets").glob("*")}
    passwords = (re.search(r"://[^:/]+:([^@]+)@", value) for value in running.environment.values())
    secrets |= {found[1].encode() for found in passwords if found} | {running.environment["TROTH_DEV_TOKEN"].encode()}
    secrets = {one for one in secrets if len(one) >= 8}
    groups = {process.pid for process in running.processes.values()}
    seen = [_command(folder) for folder in Path("/proc").glob("[0-9]*") if _group(folder) in groups]
    assert any(b"config.serve" in one for one in seen)
    assert secrets
    assert [one for one in seen if any(secret in one for secret in secrets)] == []


@pytest.mark.clause("X34")
def test_no_secret_lies_in_the_sources() -> None:
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        found += [str(Path(folder, name)) for name in files if SECRETS.search(Path(folder, name).read_bytes())]
    assert found == []


@pytest.mark.clause("X34")
@pytest.mark.parametrize(
    "secret", ["AKIA" + "A1" * 8, "sk_" + "live_" + "x" * 24, "-----BEGIN " + "PRIVATE KEY-----\n" + "A" * 64]
)
def test_the_look_would_find_one(secret: str) -> None:
    assert SECRETS.search(secret.encode())


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def _group(folder: Path) -> int:
    try:
        return os.getpgid(int(folder.name))
    except ProcessLookupError:
        return 0
