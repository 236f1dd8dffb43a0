"""Where the files of messages are kept: a folder in the home, or a bucket of an S3-compatible store.

Standard library only: the supervisor and the backup ask before anything starts.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import urlsplit

from config.trouble import Trouble

FOLDER, BUCKET = "folder", "bucket"
PATH, HOST = "path", "host"
LOOPBACK = ("127.0.0.1", "localhost")
SEE = "(docs/settings.md)"
_PORTS = {"https": 443, "http": 80}
_NAME = re.compile(r"(?:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_PREFIX = re.compile(r"(?:[A-Za-z0-9_-]{1,60}/)*")
_SECRET = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Bucket:
    """One bucket and the way to it. `where` says who keeps it and in which country, for everybody to read."""

    scheme: str
    host: str
    port: int
    name: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    style: str = PATH
    prefix: str = ""
    networks: tuple[str, ...] = ()
    where: str = ""

    @property
    def called(self) -> str:
        """The host that calls go to."""
        return f"{self.name}.{self.host}" if self.style == HOST else self.host

    @property
    def is_here(self) -> bool:
        """Whether it lies on this machine."""
        return self.host in LOOPBACK

    @property
    def told(self) -> str:
        """The bucket for a person to recognise."""
        return f"{self.name} at {self.host}"


def bucket(told: Mapping[str, str] = os.environ) -> Bucket | None:
    """Return the bucket that the variables name, or None where they name none. Connects to nothing.

    Raises: Trouble, with the variable that is wrong.
    """
    address = _said(told, "TROTH_S3_ADDRESS")
    if not address:
        return None
    scheme, host, port = _taken_apart(address)
    name, style = _said(told, "TROTH_S3_BUCKET"), _said(told, "TROTH_S3_STYLE") or PATH
    made = Bucket(
        scheme=scheme,
        host=host,
        port=port,
        name=name,
        region=_said(told, "TROTH_S3_REGION") or "us-east-1",
        key_id=_said(told, "TROTH_S3_KEY_ID"),
        secret=_said(told, "TROTH_S3_SECRET"),
        style=style,
        prefix=_said(told, "TROTH_S3_PREFIX"),
        networks=tuple(_said(told, "TROTH_S3_NETWORKS").split()),
        where=_said(told, "TROTH_S3_WHERE"),
    )
    _refuse_faults(made)
    return made


def chosen(told: Mapping[str, str] = os.environ) -> str:
    """Return where files are kept: what TROTH_MEDIA says, else in the bucket where there is one. Raises: Trouble."""
    said, named = _said(told, "TROTH_MEDIA"), bucket(told)
    if said not in ("", FOLDER, BUCKET):
        raise Trouble(f"TROTH_MEDIA is {said!r}: say {FOLDER} or {BUCKET}, or leave it away {SEE}.")
    if said == BUCKET and named is None:
        raise Trouble(f"TROTH_MEDIA says {BUCKET}, and TROTH_S3_ADDRESS names none: set it, or say {FOLDER} {SEE}.")
    return said or (BUCKET if named else FOLDER)


def _taken_apart(address: str) -> tuple[str, str, int]:
    wrong = Trouble(
        f"TROTH_S3_ADDRESS has to be the store's own address and nothing more, as in https://s3.example.com {SEE}."
    )
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong
    if host not in LOOPBACK and not _NAME.fullmatch(host):
        raise wrong
    if parts.scheme == "http" and host not in LOOPBACK:
        raise Trouble(
            f"TROTH_S3_ADDRESS begins with http://, which only a store on this machine may: use https:// {SEE}."
        )
    return parts.scheme, host, port or _PORTS[parts.scheme]


def _refuse_faults(made: Bucket) -> None:
    if made.style not in (PATH, HOST):
        raise Trouble(
            f"TROTH_S3_STYLE is {made.style!r}: say {PATH} (the bucket in the path) or {HOST} (in the host) {SEE}."
        )
    if made.style == HOST and (made.is_here or "." in made.name or made.host.replace(".", "").isdigit()):
        raise Trouble(
            f"TROTH_S3_STYLE says {HOST}, and {made.told} is no host name with a certificate: say {PATH} {SEE}."
        )
    for name, value, form, what in (
        ("TROTH_S3_BUCKET", made.name, _BUCKET, "the name of the bucket"),
        ("TROTH_S3_REGION", made.region, _REGION, "the region, as in eu-central-1"),
        ("TROTH_S3_KEY_ID", made.key_id, _SECRET, "the id of the access key"),
        ("TROTH_S3_SECRET", made.secret, _SECRET, "the secret of the access key"),
        ("TROTH_S3_PREFIX", made.prefix, _PREFIX, "letters, digits, - and _, ending in /"),
    ):
        if not form.fullmatch(value):
            raise Trouble(f"{name} is missing or cannot be right: it has to be {what} {SEE}.")
    for network in made.networks:
        try:
            ip_network(network)
        except ValueError:
            raise Trouble(f"TROTH_S3_NETWORKS holds {network!r}, which is no network as in 10.0.0.0/8 {SEE}.") from None
    if not made.where and not made.is_here:
        raise Trouble(
            "TROTH_S3_WHERE has to say who keeps the store and in which country: everybody whose files lie there may read "
            f"it {SEE}."
        )


def _said(told: Mapping[str, str], name: str) -> str:
    return told.get(name, "").strip()
