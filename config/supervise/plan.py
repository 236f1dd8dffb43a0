"""What runs on this machine, on which ports, and what all of it is told."""

import os
from collections.abc import Mapping
from pathlib import Path

from config import media
from config.home import CHECKOUT, secret
from config.operator import require_operator
from config.supervise import ports

WEB_PORT = 8000
SANDBOX_PORT = 8100


def environment(home: Path) -> dict[str, str]:
    """Return the environment variables for all programs of this installation, ports chosen.

    Raises: Trouble, when a port that somebody chose is busy, where the setting of the media store is faulty, or in production
    when nobody could reach the operator.
    """
    mode = os.environ.get("TROTH_ENV") or "development"
    require_operator({**os.environ, "TROTH_ENV": mode})
    media.chosen()
    port = ports.choose("TROTH_PORT", default=WEB_PORT)
    told = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
        "TROTH_HOME": str(home),
        "TROTH_ENV": mode,
        "TROTH_PORT": str(port),
    }
    told.setdefault("TROTH_BASE_URL", f"http://127.0.0.1:{port}")
    if mode == "development":
        sandbox = ports.choose("TROTH_SANDBOX_PORT", default=SANDBOX_PORT, taken=frozenset({port}))
        told["TROTH_SANDBOX_PORT"] = str(sandbox)
        told.setdefault("GRAPH_BASE_URL", f"http://127.0.0.1:{sandbox}")
        told["TROTH_DEV_TOKEN"] = os.environ.get("TROTH_DEV_TOKEN") or secret("dev-token", within=home)
    return told


def programs(told: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the modules that run, in the order in which they are stopped."""
    found = {"web": ["config.serve"], "worker": ["django", "worker"]}
    if told["TROTH_ENV"] == "development":
        found["sandbox"] = ["sandbox", "serve"]
    return found


def remarks(told: Mapping[str, str]) -> list[str]:
    """Return what somebody should know about the ports: those that are not the usual ones, unasked."""
    usual = {"TROTH_PORT": WEB_PORT, "TROTH_SANDBOX_PORT": SANDBOX_PORT}
    return [
        f"Port {port} is in use; taking {told[name]}. {name} chooses another."
        for name, port in usual.items()
        if name in told and name not in os.environ and told[name] != str(port)
    ]


def announcement(told: Mapping[str, str], *, log_in: str, seconds: float) -> str:
    """Return the lines that tell a person where everything is."""
    lines = ["", f"  Troth is running, {seconds:.1f} seconds after you asked.", ""]
    lines.append(f"  Open       {told['TROTH_BASE_URL']}")
    lines += [f"  {line}" for line in log_in.splitlines()]
    if told["TROTH_ENV"] == "development":
        lines.append(f"  Mail       {told['TROTH_BASE_URL']}/dev/mail/")
        lines.append(f"  Customers  http://127.0.0.1:{told['TROTH_SANDBOX_PORT']}")
    return "\n".join([*lines, f"  Logs       {told['TROTH_HOME']}/logs", "", "  Ctrl-C stops everything.", ""])
