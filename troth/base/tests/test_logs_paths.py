"""Planted words on every path by which a line is written: none comes out, and without us they would have.

Each path has a word of its own, "cnry07zebra", which the last net does not know: only the allow-lists can stop it.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PLANTED = re.compile(r"cnry\d\dzebra")

PREPARE = """
import asyncio, gc, logging, logging.config, sys, threading, warnings
OURS = sys.argv[1] == "ours"
if OURS:
    from troth.base.logs import LOGGING, install_hooks, watch_loop
    install_hooks()
else:
    LOGGING = {"version": 1, "disable_existing_loggers": False}
    watch_loop = lambda loop: None
    logging.basicConfig(level=logging.INFO)
    logging.captureWarnings(True)
logging.config.dictConfig(LOGGING)
log = logging.getLogger("some.library")
"""

PLAIN_CALLS = """
name = "cnry01zebra"
log.info("hello %s", name)
log.info(f"hello {'cnry02zebra'.lower()}")
try:
    raise ValueError("cnry03" + "zebra")
except ValueError as error:
    log.exception("failed")
    try:
        raise RuntimeError("outer") from error
    except RuntimeError:
        log.error("failed again", exc_info=True)
log.info({"key": name.replace("01", "04")})
log.info("bad %d", name.replace("01", "05"))
log.getChild(name.replace("01", "06")).info(name.replace("01", "06"))
"""

UNCAUGHT = """
def word(number):
    return f"cnry{number:02}zebra"

thread = threading.Thread(target=lambda: {}[word(1)])
thread.start()
thread.join()

class Odd:
    def __del__(self):
        raise ValueError(word(2))

odd = Odd()
del odd
gc.collect()

warnings.simplefilter("always")
warnings.warn(word(3))

async def fails():
    raise ValueError(word(4))

async def forgets():
    asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

asyncio.run(forgets())
gc.collect()

async def calls_back():
    loop = asyncio.get_running_loop()
    watch_loop(loop)
    loop.call_soon(lambda: {}[word(5)])
    loop.call_exception_handler({"message": word(6), "connections": [word(7)], "exception": OSError(word(8))})
    await asyncio.sleep(0)
    await asyncio.sleep(0)

asyncio.run(calls_back())
raise ValueError(word(9))
"""

JOBS = """
import procrastinate
from procrastinate import testing

app = procrastinate.App(connector=testing.InMemoryConnector())

@app.task(name="troth.mail.send")
async def send(to):
    raise ValueError("cnry01zebra " + to)

@app.task(name="troth.mail.count", pass_context=False)
async def count(to):
    return "cnry02" + "zebra"

async def work():
    async with app.open_async():
        await send.defer_async(to="cnry03" + "zebra")
        await count.defer_async(to="cnry04" + "zebra")
        await app.run_worker_async(wait=False, install_signal_handlers=False)

asyncio.run(work())
"""

DJANGO = """
import django
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import IntegrityError, connection
from django.http import Http404, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_protect

def raises(error):
    def view(request, **ids):
        local = "cnry01zebra"
        raise error
    return view

class Trap:
    def word(self):
        raise KeyError("cnry02" + "zebra")

def renders(request):
    return HttpResponse(engines["django"].from_string("{{ trap.word }}").render({"trap": Trap()}))

def breaks_a_row(request):
    with connection.cursor() as cursor:
        cursor.execute("create table person (name text unique)")
        cursor.execute("insert into person values (%s)", ["cnry03zebra"])
        cursor.execute("insert into person values (%s)", ["cnry03zebra"])

def reads_much(request):
    return HttpResponse(request.body)

def word(number):
    return f"cnry{number:02}zebra"

urlpatterns = [
    path("404/", raises(Http404(word(4)))),
    path("403/", raises(PermissionDenied(word(5)))),
    path("400/", raises(SuspiciousOperation(word(6)))),
    path("500/<uuid:contact_id>/<str:name>/", raises(ValueError(word(7)))),
    path("form/", raises(ValidationError({"name": [word(8)]}))),
    path("row/", raises(IntegrityError("Key (phone)=(" + word(9) + ") already exists"))),
    path("template/", renders),
    path("database/", breaks_a_row),
    path("csrf/", csrf_protect(raises(ValueError(word(10))))),
    path("much/", reads_much),
]
settings.configure(
    ROOT_URLCONF=sys.modules[__name__], ALLOWED_HOSTS=["testserver"], SECRET_KEY="x", LOGGING=LOGGING,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"], DATA_UPLOAD_MAX_MEMORY_SIZE=10,
)
django.setup()
if not OURS:
    # Django itself is quiet outside its debug mode.
    logging.getLogger("django").handlers[:] = []
if "--debug" in sys.argv:
    logging.getLogger("django.db.backends").setLevel(logging.DEBUG)
    logging.getLogger("django").setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
client = Client(raise_request_exception=False, enforce_csrf_checks=True)
for place in ("404/", "403/", "400/", "form/", "row/", "template/", "database/"):
    client.get("/" + place, {"q": word(11)}, headers={"Cookie": "a=" + word(12)})
client.get("/500/0190a2b3-1234-7abc-8def-0123456789ab/" + word(13) + "/")
client.get("/nowhere/" + word(14) + "/")
client.post("/csrf/", {"text": word(15)}, headers={"Referer": "https://" + word(16)})
client.post("/csrf/", headers={"Origin": "https://" + word(17)})
client.post("/much/" , {"text": word(18)})
client.get("/", headers={"Host": word(19) + ".example"})
client.generic("STEAL" + word(20), "/404/")
"""

SERVER = """
import os, signal, socket, time, urllib.request
from granian.log import LogLevels, configure_logging
from granian.server.embed import Server

if OURS:
    configure_logging(LogLevels.info, LOGGING)

async def app(scope, receive, send):
    if scope["type"] == "http":
        raise ValueError("cnry01" + "zebra")
    raise RuntimeError("no lifespan")

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]

def ask():
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/cnry02zebra?q=cnry03zebra", timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)

async def main():
    server = Server(
        app, address="127.0.0.1", port=port, interface="asgi", log_access=True,
        log_dictconfig=LOGGING if OURS else None,
    )
    serving = asyncio.create_task(server.serve())
    await asyncio.to_thread(ask)
    server.stop()
    await serving

asyncio.run(main())
# A server that is embedded leaves a thread, which dies noisily now and then when the interpreter goes before it.
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
"""


def run(script: str, mode: str, *arguments: str) -> str:
    """Return all that the script's process wrote."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE + script, mode, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TROTH_ENV": "test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def lines(output: str) -> list[dict[str, object]]:
    try:
        return [json.loads(line) for line in output.splitlines()]
    except ValueError:
        pytest.fail(f"something was written that is no line of the log:\n{output}")


@pytest.mark.parametrize(
    ("script", "arguments", "leaks_without_us"),
    [
        (PLAIN_CALLS, (), {1, 2, 3, 4, 5, 6}),
        (UNCAUGHT, (), {1, 2, 3, 4, 5, 6, 7, 8, 9}),
        (JOBS, (), {1, 2, 3, 4}),
        (DJANGO, (), {2, 5, 6, 7, 8, 9, 13, 14, 17, 19}),
        (DJANGO, ("--debug",), {3}),
        (SERVER, (), {1, 2}),
    ],
    ids=["plain calls", "uncaught", "jobs", "django", "django in debug", "server"],
)
@pytest.mark.clause("A3.2")
def test_no_planted_word_is_logged_on_any_path(
    script: str, arguments: tuple[str, ...], leaks_without_us: set[int]
) -> None:
    bare = run(script, "bare", *arguments)
    assert {int(word[4:6]) for word in PLANTED.findall(bare)} >= leaks_without_us
    ours = run(script, "ours", *arguments)
    assert PLANTED.findall(ours) == []
    assert len(lines(ours)) >= 3


def test_what_nobody_caught_is_in_the_log() -> None:
    written = lines(run(UNCAUGHT, "ours"))
    events = [line.get("event") for line in written]
    assert {"uncaught.process", "uncaught.thread", "uncaught.unraisable", "python.warned"} <= set(events)
    assert events.count("uncaught.loop") == 2
    # The loop that nobody watched speaks through asyncio's own logger.
    assert any(line.get("text") == "Task exception was never retrieved" for line in written)
    last: Any = written[-1]
    assert last["level"] == "CRITICAL"
    assert last["error"][0]["type"] == "ValueError"


def test_a_failed_request_is_told_by_route_and_ids() -> None:
    written = lines(run(DJANGO, "ours"))
    failed = [line for line in written if line.get("route") == "500/<uuid:contact_id>/<str:name>/"]
    assert len(failed) == 1
    assert (failed[0]["status"], failed[0]["method"]) == (500, "GET")
    assert failed[0]["route.contact_id"] == "0190a2b3-1234-7abc-8def-0123456789ab"
    assert "route.name" not in failed[0]


def test_a_job_is_told_by_task_and_number() -> None:
    written = lines(run(JOBS, "ours"))
    failed = [line for line in written if line.get("action") == "job_error"]
    assert [(line["task"], line["job_id"]) for line in failed] == [("troth.mail.send", 1)]


def test_the_server_says_where_it_listens_and_that_it_failed() -> None:
    texts = [str(line.get("text")) for line in lines(run(SERVER, "ours"))]
    assert "Application callable raised an exception" in texts
    assert any(text.startswith("Listening at: http://127.0.0.1:") for text in texts)
