"""A sandbox for tests: starts the real thing on a free port and speaks with its control addresses."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.calls import call

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 15.0
BAD_REQUEST = 400


class SandboxError(Exception):
    """The sandbox did not start, or refused a control call."""


class RunningSandbox:
    """`with RunningSandbox() as sandbox: ...`: a sandbox process, gone at the end, with its own throw-away folder.

    Every account that `create_account` makes is quick: no delays, no customers of its own.
    """

    def __init__(self, *, seed: str | None = None, port: int | None = None, customers: bool = False) -> None:
        self.port = port or _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.seed = seed or secrets.token_hex(8)
        self.dev_token = secrets.token_urlsafe(24)
        self._customers = customers
        self._process: subprocess.Popen[bytes] | None = None
        self._home = tempfile.TemporaryDirectory(prefix="sandbox-")

    def __enter__(self) -> Self:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TROTH_SANDBOX_PORT": str(self.port),
            "TROTH_DEV_TOKEN": self.dev_token,
            "TROTH_HOME": self._home.name,
            "SANDBOX_SEED": self.seed,
            "SANDBOX_CUSTOMERS": "on" if self._customers else "off",
        }
        command = [sys.executable, "-m", "sandbox", "serve", "--with-parent", str(os.getpid())]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment)
        self._wait_until_up(self._process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._home.cleanup()

    def create_account(self, **wishes: Any) -> dict[str, Any]:
        """Make a business account and return its ids, `token`, `app_secret` and `numbers`.

        `numbers=2`, `name=...`, `behaviour={...}` (see `sandbox.behaviour.Behaviour`), `lifelike=True` for real delays.
        """
        return self.control("POST", "/accounts", wishes)

    def say(self, text: str = "", **wishes: Any) -> dict[str, Any]:
        """Let a customer write. `to` a phone number id, `from_` a phone number or `person` a name, `kind`, `content`..."""
        if "from_" in wishes:
            wishes["from"] = wishes.pop("from_")
        return self.control("POST", "/say", {"text": text, **wishes})

    def emit(self, field: str, value: dict[str, Any], *, to: str, at: int | None = None) -> dict[str, Any]:
        """Send any webhook change, signed."""
        return self.control("POST", "/emit", {"field": field, "value": value, "to": to, "at": at})

    def sent(self, number_id: str | None = None) -> list[dict[str, Any]]:
        """Return the accepted sends, oldest first: each with `id`, `at`, `phone_number_id` and `body`."""
        query = f"?number={number_id}" if number_id else ""
        return list(self.control("GET", f"/sent{query}")["sent"])

    def meters(self) -> dict[str, Any]:
        """Return the counts by number id under `numbers`, and those of webhooks under `webhooks`."""
        return self.control("GET", "/meters")

    def reset_meters(self) -> None:
        self.control("DELETE", "/meters")

    def set_faults(self, **faults: Any) -> dict[str, Any]:
        """Set trouble for everybody (see `sandbox.faults.Faults`); without any, end it."""
        return self.control("POST" if faults else "DELETE", "/faults", faults)

    def set_behaviour(self, waba_id: str, **behaviour: Any) -> dict[str, Any]:
        """Change how one account behaves."""
        return self.control("POST", "/behaviour", {"waba_id": waba_id, **behaviour})

    def wait_for_webhooks(self, *, timeout_s: float = 10.0) -> None:
        """Return when every webhook has been answered with 200 or given up.

        Raises: SandboxError when that takes too long.
        """
        until = time.monotonic() + timeout_s
        while self.meters()["webhooks"]["underway"]:
            if time.monotonic() > until:
                raise SandboxError("Webhooks are still under way.")
            time.sleep(0.02)

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call a control address and return its answer.

        Raises: SandboxError with what the sandbox said.
        """
        status, answer = call(
            method, f"{self.url}/_sandbox{path}", token=self.dev_token, body=body if method != "GET" else None
        )
        if status >= BAD_REQUEST:
            raise SandboxError(str(answer.get("error", status)))
        return answer

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until:
            if process.poll() is not None:
                raise SandboxError(f"The sandbox ended with {process.returncode} while starting.")
            try:
                call("GET", f"{self.url}/_sandbox/health", token=self.dev_token)
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise SandboxError("The sandbox did not come up.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
