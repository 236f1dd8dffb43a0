"""The addresses of the database, one for each thing that is done with it. Read by the settings; connects to nothing."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from config.home import home, secret
from config.supervise.sockets import socket_address

DATABASE = "troth"
OWNER, APP, DOOR, DEFINER = "troth_owner", "troth_app", "troth_door", "troth_definer"
_SECRETS = {OWNER: "database-owner", APP: "database-app", DOOR: "database-door"}


@dataclass(frozen=True)
class Addresses:
    """URLs of one database: to migrate, to serve, to store raw deliveries, and (unpooled) to listen."""

    owner: str
    app: str
    door: str
    listen: str


def addresses() -> Addresses:
    """Return what the environment names, and for the rest the embedded server in the home.

    With DATABASE_URL alone, that URL is an administrator's: the roles are ours, made by `bin/run` or
    `python -m config.supervise.database`. With APP_DATABASE_URL and DOOR_DATABASE_URL beside it, the operator made
    the roles, and DATABASE_URL is the owner's.
    """
    outside = os.environ.get("DATABASE_URL", "")
    app, door = os.environ.get("APP_DATABASE_URL", ""), os.environ.get("DOOR_DATABASE_URL", "")
    if outside:
        owner = outside if roles_are_given() else with_role(outside, OWNER)
        app, door = app or with_role(outside, APP), door or with_role(outside, DOOR)
    else:
        owner, app, door = (embedded(role) for role in (OWNER, APP, DOOR))
    return Addresses(owner=owner, app=app, door=door, listen=os.environ.get("LISTEN_DATABASE_URL") or app)


def roles_are_given() -> bool:
    """Tell whether the operator made the database roles and named them all."""
    return all(os.environ.get(name) for name in ("DATABASE_URL", "APP_DATABASE_URL", "DOOR_DATABASE_URL"))


def password_of(role: str, *, within: Path | None = None) -> str:
    """Return the password that this installation gave a role."""
    return secret(_SECRETS[role], within=within)


def with_role(url: str, role: str, *, within: Path | None = None) -> str:
    """Return the same address for another role, with the password that we gave it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{quote(password_of(role, within=within), safe='')}@{host}").geturl()


def embedded(role: str, *, database: str = DATABASE, within: Path | None = None) -> str:
    """Return the address of the embedded server in the home, running or not."""
    place = within or home()
    return socket_address(place, role, password=password_of(role, within=place), database=database)
