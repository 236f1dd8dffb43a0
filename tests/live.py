"""The product's own processes for tests: web, worker and sandbox, on a database of their own."""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import psycopg

from config.supervise.tether import tied_to_parent
from sandbox.accounts import DEMO_APP_ID, DEMO_APP_SECRET
from sandbox.calls import call
from sandbox.testing import RunningSandbox
from tests.postgres import fresh_database

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN_S = 30.0
OWN_APP_ID, OWN_APP_SECRET = DEMO_APP_ID, DEMO_APP_SECRET


class Live:
    """`with Live("journey") as live:` runs the product. Processes can be killed and started again one by one."""

    def __init__(self, name: str, *, customers: bool = False, environment: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sandbox = RunningSandbox(customers=customers)
        self.environment = {
            **os.environ,
            **fresh_database(f"live_{name}_{os.getpid()}"),
            "TROTH_ENV": "development",
            "TROTH_PORT": str(self.port),
            "TROTH_BASE_URL": self.url,
            "TROTH_SANDBOX_PORT": str(self.sandbox.port),
            "GRAPH_BASE_URL": self.sandbox.url,
            "TROTH_DEV_TOKEN": self.sandbox.dev_token,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.houses = 0
        self.log = Path(os.environ.get("TROTH_TEST_LOGS", self.environment["TROTH_HOME"])) / f"live-{name}.log"

    def __enter__(self) -> Self:
        _collect_static(self.environment)
        self.sandbox.__enter__()
        try:
            for name in ("web", "worker"):
                self.start(name)
            self.wait_for_web()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes.values():
            _end(process)
        self.sandbox.__exit__(kind, error, trace)

    def start(self, name: str) -> None:
        """Start web or worker, from the main thread: it ends with the thread that started it, however that ends."""
        command = {"web": ["config.serve"], "worker": ["django", "worker"]}[name]
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=tied_to_parent(signal.SIGKILL),  # noqa: PLW1509 - it only makes system calls
            )

    def kill(self, name: str) -> None:
        """Kill web or worker, with all of its children, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_for_web(self) -> None:
        """Return once pages are answered."""
        wait_until(self._answers, within_s=START_WITHIN_S)

    def _answers(self) -> bool:
        try:
            return self.get("/account/login/")[0] < 500
        except OSError:
            return False

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Ask for an address and return status and body."""
        return self.ask("GET", path, headers=headers)

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Send one request and return status and body. Raises: OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except http.client.HTTPException as broken:
            raise OSError("broken answer") from broken
        finally:
            connection.close()

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Look into the database as its superuser, past all walls."""
        address = os.environ["TROTH_TEST_SUPERUSER"]
        name = self.environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
        with psycopg.connect(address, dbname=name, autocommit=True) as connection:
            yield connection

    def house(self, name: str = "Kopi & Co", **people: str) -> "LiveHouse":
        """Make a workspace whose number is connected to the sandbox; `people` gives roles by first name."""
        account = self.sandbox.create_account(name=name)
        number = account["numbers"][0]
        wanted = {"name": name, "people": people or {"Alice": "owner", "Bob": "agent"}, "token": account["token"]}
        wanted |= {"number_id": number["phone_number_id"], "account_id": account["waba_id"]}
        wanted |= {"app_id": account["app_id"], "secret": account["app_secret"]}
        # The same first names live in every workspace, and an address belongs to one person.
        wanted["domain"] = f"{number['phone_number_id']}.example.test" if self.houses else "example.test"
        self.houses += 1
        made = self.run(_MAKE_HOUSE % json.dumps(json.dumps(wanted)))
        callback = {"override_callback_uri": f"{self.url}/hooks/cloud/{made['channel']}", "verify_token": "verify me"}
        status, said = call(
            "POST",
            f"{self.sandbox.url}/v26.0/{account['waba_id']}/subscribed_apps",
            token=account["token"],
            body=callback,
        )
        assert status == 200, said
        return LiveHouse(self, account["waba_id"], number["phone_number_id"], account["app_secret"], **made)

    def run(self, code: str) -> Any:
        """Run Python in the product's environment and return what it printed last, as JSON."""
        script = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", script], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout.strip().splitlines()[-1])


def with_own_app(live: Live) -> Live:
    """Let an installation that is not running yet have an app of its own at Meta: that of the sandbox's demo."""
    live.environment |= {
        "META_APP_ID": OWN_APP_ID,
        "META_APP_SECRETS": OWN_APP_SECRET,
        "META_SIGNUP_CONFIG_ID": "77",
        "META_DIALOG_BASE_URL": live.sandbox.url,
    }
    return live


@dataclass(frozen=True)
class LiveHouse:
    """A workspace in a running product. `cookies` holds a session cookie's value by first name."""

    live: Live
    account_id: str
    number_id: str
    secret: str
    id: str
    handle: str
    channel: str
    cookies: dict[str, str]

    def subscribe_app(self) -> None:
        """Let the app's own news come here too: decisions on templates go by no account's address."""
        [app] = [
            one["app_id"]
            for one in self.live.sandbox.control("GET", "/state")["accounts"]
            if one["waba_id"] == self.account_id
        ]
        status, said = call(
            "POST",
            f"{self.live.sandbox.url}/v26.0/{app}/subscriptions",
            token=f"{app}|{self.secret}",
            body={
                "object": "whatsapp_business_account",
                "callback_url": f"{self.live.url}/hooks/cloud/{self.channel}",
                "verify_token": "verify me",
                "fields": "messages,message_template_status_update,template_category_update",
            },
        )
        assert status == 200, said

    def page(self, path: str, *, who: str) -> tuple[int, str]:
        """Return a page of this workspace as a member sees it."""
        status, body = self.live.get(f"/w/{self.handle}/{path}", {"Cookie": f"session={self.cookies[who]}"})
        return status, body.decode()

    def post(self, path: str, values: dict[str, str], *, who: str, method: str = "POST") -> tuple[int, str]:
        """Send a form as a member's browser does and return status and answer."""
        token = "a" * 32
        headers = {
            "Cookie": f"session={self.cookies[who]}; csrf={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": token,
            "HX-Request": "true",
        }
        body = urlencode(values).encode()
        status, answer = self.live.ask(method, f"/w/{self.handle}/{path}", body=body, headers=headers)
        return status, answer.decode()


_MAKE_HOUSE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests import cast
from troth.accounts.sessions import SessionStore
from troth.channels.models import Channel
from troth.workspaces.models import Role
from troth.workspaces.scope import scope
wanted = json.loads(%s)
people = {who: Role(role) for who, role in wanted["people"].items()}
house = cast.house(wanted["name"], people=people, number_id=wanted["number_id"], account_id=wanted["account_id"],
                   secret=wanted["secret"], domain=wanted["domain"])
with scope(house.id):
    channel = Channel.objects.get(id=house.channel)
    channel.token, channel.app_id = wanted["token"], wanted["app_id"]
    channel.save()
cookies = {}
for who, user in house.users.items():
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "troth.accounts.backend.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies[who] = session.session_key
print(json.dumps({"id": str(house.id), "handle": house.handle, "channel": str(house.channel), "cookies": cookies}))
"""


def wait_until(question: Callable[[], Any], *, within_s: float = 40.0, every_s: float = 0.05) -> Any:
    """Ask until the answer is true and return it; the test fails when that takes too long."""
    until = time.monotonic() + within_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError("it did not come about in time")
        time.sleep(every_s)


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _collect_static(environment: dict[str, str]) -> None:
    """Put the static files in place, once a test run."""
    folder = Path(environment["TROTH_HOME"])
    with (folder / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "static" / "staticfiles.json").exists():
            command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
            subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
