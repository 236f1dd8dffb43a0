"""What the surroundings say: ports, folder, secrets, seed."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8100
DEFAULT_PRODUCT_PORT = 8000
DEFAULT_SEED = "troth"
DEV_TOKEN_NAMES = ("dev-token", "dev_token")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the sandbox listens, what it may persist, and the seed of all that looks random."""

    port: int = DEFAULT_PORT
    product_port: int = DEFAULT_PRODUCT_PORT
    home: Path | None = None
    dev_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    seed: str = DEFAULT_SEED
    customers: bool = True
    tempo: float = 1.0

    @property
    def own_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def product_url(self) -> str:
        return f"http://127.0.0.1:{self.product_port}"

    @property
    def state_file(self) -> Path | None:
        return self.home / "sandbox" / "state.json" if self.home else None


def from_environment(environment: Mapping[str, str] | None = None, *, seed: str | None = None) -> Settings:
    """Return the settings that the environment variables ask for; ports that they leave out are those of the last run.

    Raises: ValueError when a port or the tempo is not a number.
    """
    env = os.environ if environment is None else environment
    home = Path(env.get("TROTH_HOME") or ROOT / "var").expanduser().absolute()
    last = _last_run(home)
    return Settings(
        port=int(env.get("TROTH_SANDBOX_PORT") or last.get("port", DEFAULT_PORT)),
        product_port=int(env.get("TROTH_PORT") or last.get("product_port", DEFAULT_PRODUCT_PORT)),
        home=home,
        dev_token=env.get("TROTH_DEV_TOKEN") or _stored_dev_token(home),
        seed=seed or env.get("SANDBOX_SEED") or DEFAULT_SEED,
        customers=(env.get("SANDBOX_CUSTOMERS") or "on").lower() not in {"off", "0", "no", "false"},
        tempo=float(env.get("SANDBOX_TEMPO") or 1.0),
    )


def _last_run(home: Path) -> dict[str, int]:
    try:
        stored = msgspec.json.decode((home / "sandbox" / "state.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {name: stored[name] for name in ("port", "product_port") if isinstance(stored.get(name), int)}


def _stored_dev_token(home: Path) -> str:
    """Return the development secret in the data folder, made on first need so that commands can share it."""
    for name in DEV_TOKEN_NAMES:
        with suppress(FileNotFoundError):
            return (home / "secrets" / name).read_text().strip()
    path = home / "secrets" / DEV_TOKEN_NAMES[0]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    token = secrets.token_urlsafe(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(token)
    return token
