"""`bin/sandbox deliver`: stored webhook bodies, signed and posted at the product's real door, and what became of them."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.calls import call, call_raw
from sandbox.rewrite import NotAWebhook, as_number
from sandbox.settings import Settings
from sandbox.webhooks import headers

OUTCOME_TIMEOUT_S = 10.0
UNKNOWN_TIMEOUT_S = 2.0
OUTCOME_PAUSE_S = 0.1
OK = 200
SETTLED = {"digested", "parked"}


class CannotDeliver(Exception):
    """Nothing can be delivered; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a number's webhooks go, and the secret that signs them."""

    url: str
    secret: str = field(repr=False)
    phone_number_id: str = ""
    display: str = ""
    waba_id: str = ""


def deliver(settings: Settings, files: list[Path], *, as_: str | None, channel: str | None, twice: bool) -> int:
    """Deliver files and folders of files, print what became of each, and return an exit code."""
    try:
        door = find_door(settings, as_=as_, channel=channel)
        bodies = list(_bodies(files))
    except (CannotDeliver, OSError) as error:
        print(error)
        return 2
    totals: Counter[str] = Counter()
    for path, body in bodies:
        try:
            if as_:
                body = as_number(body, phone_number_id=door.phone_number_id, display=door.display, waba_id=door.waba_id)
        except NotAWebhook as error:
            print(f"{path}: {error}")
            totals["not delivered"] += 1
            continue
        for _time in range(2 if twice else 1):
            _one(settings, door, path, body, totals)
    said = ", ".join(f"{count} {what}" for what, count in totals.items())
    print(f"{len(bodies)} files: {said}")
    return 1 if totals.keys() & {"refused", "not delivered", "parked", "unknown", "queued"} else 0


def find_door(settings: Settings, *, as_: str | None, channel: str | None) -> Door:
    """Return the door of the number named, of the channel named, or of the only number that is connected.

    Raises: CannotDeliver.
    """
    doors = list(_doors(settings))
    if as_:
        digits = "".join(character for character in as_ if character.isdigit())
        wanted = [door for door in doors if as_ == door.phone_number_id or digits == _digits(door.display)]
        if not wanted:
            known = ", ".join(f"{door.display} ({door.phone_number_id})" for door in doors)
            raise CannotDeliver(f"The sandbox has no number {as_}. It has: {known}.")
    else:
        wanted = [door for door in doors if door.url and (channel is None or door.url.rstrip("/").endswith(channel))]
    if channel:
        secret = wanted[0].secret if wanted else doors[0].secret
        found = wanted[0] if wanted else doors[0]
        return Door(
            f"{settings.product_url}/hooks/cloud/{channel}", secret, found.phone_number_id, found.display, found.waba_id
        )
    connected = [door for door in wanted if door.url]
    if not connected:
        raise CannotDeliver(
            "No such number is connected to the product yet. Connect it on Troth's channel page first (the ids are in "
            "sandbox/README.md), or name the channel with --channel ID."
        )
    if len({(door.url, door.secret) for door in connected}) > 1:
        known = ", ".join(door.phone_number_id for door in connected)
        raise CannotDeliver(f"Several numbers are connected; say which one with --as NUMBER: {known}.")
    return connected[0]


def _doors(settings: Settings) -> Iterator[Door]:
    try:
        status, state = call("GET", f"{settings.own_url}/_sandbox/state", token=settings.dev_token)
    except OSError as error:
        raise CannotDeliver(
            f"No sandbox answers at {settings.own_url}. Start it with bin/run or bin/sandbox serve, or set "
            "TROTH_SANDBOX_PORT."
        ) from error
    if status != OK:
        raise CannotDeliver("The sandbox does not take this TROTH_DEV_TOKEN; use that of the running one.")
    for account in state["accounts"]:
        for number in account["numbers"]:
            yield Door(
                number["callback"] or "",
                account["app_secret"],
                number["phone_number_id"],
                number["display_phone_number"],
                account["waba_id"],
            )


def _bodies(files: list[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in files:
        if not path.exists():
            raise CannotDeliver(f"There is no {path}.")
        inner = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        for file in inner:
            if path.is_file() or not file.name.startswith("_"):
                yield file, file.read_bytes()


def _one(settings: Settings, door: Door, path: Path, body: bytes, totals: Counter[str]) -> None:
    before = _outcome(settings, hashlib.sha256(body).hexdigest(), patient=False)
    try:
        status, said = call_raw("POST", door.url, headers=headers(door.secret, body), body=body)
    except OSError:
        print(f"{path}: no answer from {door.url}; is the product running?")
        totals["not delivered"] += 1
        return
    print(f"{path}: HTTP {status}{'' if status == OK else ' ' + said.decode('utf-8', 'replace')[:200]}")
    if status != OK:
        totals["refused"] += 1
        return
    if before.get("state") in SETTLED:
        print("    known before: the very same body was delivered already, so this changed nothing")
        totals["repeated"] += 1
        return
    outcome = _outcome(settings, hashlib.sha256(body).hexdigest())
    state = str(outcome.get("state"))
    totals["delivered" if state in SETTLED else state] += 1
    if state != "digested":
        print(f"    {state}{': ' + outcome['text'] if 'text' in outcome else ''}")
    for change in outcome.get("changes", []):
        rule = f" by {change['rule']}" if change.get("rule") else ""
        print(f"    {change.get('n')} {change.get('field')} {change.get('event')}: {change.get('outcome')}{rule}")
        totals[str(change.get("outcome"))] += 1


def _outcome(settings: Settings, digest: str, *, patient: bool = True) -> dict[str, Any]:
    """Ask the product until it has made something of the body, at most ten seconds; two when it has never seen it."""
    begun = time.monotonic()
    outcome: dict[str, Any] = {"state": "unknown"}
    while True:
        try:
            status, outcome = call("GET", f"{settings.product_url}/dev/deliveries/{digest}", token=settings.dev_token)
        except OSError as error:
            return {"state": "unknown", "text": f"the product does not answer at {settings.product_url} ({error})"}
        if status in {401, 403, 404} and "state" not in outcome:
            return {
                "state": "unknown",
                "text": f"the product does not tell (HTTP {status}); is it in development mode?",
            }
        patience_s = OUTCOME_TIMEOUT_S if outcome.get("state") == "queued" else UNKNOWN_TIMEOUT_S
        if not patient or outcome.get("state") in SETTLED or time.monotonic() > begun + patience_s:
            return {"state": "unknown", **outcome}
        time.sleep(OUTCOME_PAUSE_S)


def _digits(display: str) -> str:
    return "".join(character for character in display if character.isdigit())
