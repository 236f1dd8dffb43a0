"""What survives a restart: accounts, tokens, callbacks, templates; not talk. One small JSON file, replaced whole."""

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec

from sandbox.accounts import Account, App, Callback, Number, PhoneApp, Template, Token
from sandbox.behaviour import Behaviour
from sandbox.meters import Meter
from sandbox.people import Person
from sandbox.world import World

SAVE_DELAY_S = 0.2


class Keeper:
    """Reads and writes the state file; without a path it remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stored = self._read()
        self.epoch = int(self._stored.get("epoch", 0)) + 1 if path else 0
        self._due: asyncio.TimerHandle | None = None

    def restore(self, world: World) -> None:
        """Put the accounts of an earlier run back."""
        try:
            for stored in self._stored.get("accounts", []):
                _restore_account(world, stored)
            for stored in self._stored.get("people", []):
                world.people.restore(Person(**stored))
        except (msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
            print(f"{self._path} is from another version ({type(error).__name__}); connect your accounts again.")
        self.save(world)

    def save_soon(self, world: World) -> None:
        """Save a moment later, once for many changes."""
        if self._path and self._due is None:
            self._due = asyncio.get_running_loop().call_later(SAVE_DELAY_S, self.save, world)

    def save(self, world: World) -> None:
        """Write the file, readable by its owner only."""
        if self._due:
            self._due.cancel()
            self._due = None
        if self._path is None:
            return
        stored = {
            "epoch": self.epoch,
            "port": world.settings.port,
            "product_port": world.settings.product_port,
            "accounts": [_stored(world, account) for account in world.accounts.values()],
            "people": [person for person in world.people if person.played or person.moved],
        }
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._path.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(stored)))
        beside.replace(self._path)

    def _read(self) -> dict[str, Any]:
        """Return what is stored; a broken file counts as none, since everything in it can be set up again."""
        if self._path is None or not self._path.exists():
            return {}
        try:
            stored = msgspec.json.decode(self._path.read_bytes())
        except msgspec.DecodeError:
            return {}
        return stored if isinstance(stored, dict) else {}


def _stored(world: World, account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "portfolio_id": account.portfolio_id,
        "demo": account.demo,
        "subscribed": account.subscribed,
        "callback": _callback(account.callback),
        "behaviour": account.behaviour,
        "app": {
            "id": account.app.id,
            "secret": account.app.secret,
            "name": account.app.name,
            "callback": _callback(account.app.callback),
            "fields": account.app.fields,
            "require_proof": account.app.require_proof,
        },
        "tokens": [
            {"value": token.value, "scopes": token.scopes, "expires_at": token.expires_at, "valid": token.valid}
            for token in world.tokens.values()
            if token.account is account
        ],
        "numbers": [
            {
                "id": number.id,
                "display": number.display,
                "verified_name": number.verified_name,
                "callback": _callback(number.callback),
                "status": number.status,
                "pin": number.pin,
                "profile": number.profile,
                "username": number.username,
                "links": number.links,
                "opened_for": number.opened_for,
                "in_use": number.in_use,
                "phone": msgspec.to_builtins(number.phone),
            }
            for number in account.numbers
        ],
        "templates": list(account.templates.values()),
    }


def _callback(callback: Callback | None) -> dict[str, str] | None:
    return {"url": callback.url, "verify_token": callback.verify_token} if callback else None


def _restore_account(world: World, stored: dict[str, Any]) -> None:
    app = App(**{**stored["app"], "callback": _restored(stored["app"]["callback"])})
    numbers = [_restored_number(part) for part in stored["numbers"]]
    templates = [msgspec.convert(part, Template) for part in stored["templates"]]
    account = Account(
        stored["id"],
        stored["name"],
        stored["portfolio_id"],
        app,
        msgspec.convert(stored["behaviour"], Behaviour),
        numbers=numbers,
        templates={template.id: template for template in templates},
        subscribed=stored["subscribed"],
        callback=_restored(stored["callback"]),
        demo=stored["demo"],
    )
    first, *others = stored["tokens"]
    world.add_account(account, token=first["value"])
    for part in (first, *others):
        world.tokens[part["value"]] = Token(
            part["value"],
            account,
            scopes=tuple(part["scopes"]),
            expires_at=part["expires_at"],
            valid=part["valid"],
            issued_at=world.now(),
        )


def _restored_number(part: dict[str, Any]) -> Number:
    phone = msgspec.convert(part.get("phone"), PhoneApp | None)
    return Number(**{**part, "callback": _restored(part["callback"]), "phone": phone}, meter=Meter())


def _restored(stored: dict[str, str] | None) -> Callback | None:
    return Callback(**stored) if stored else None
