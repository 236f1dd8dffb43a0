"""One call to an S3-compatible store: signed, sent through the one outbound client, and repeated where that helps.

Whatever we ask of a store may be asked twice: files are written whole, under their own names, and deleted by name.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from random import SystemRandom
from typing import Protocol
from urllib.parse import quote

from django.utils.translation import gettext_noop as _

from troth.base.clock import now
from troth.base.http import HttpError, NotSent, Refused, Response, Streamed, TooLarge, request_sync
from troth.base.http.hosts import Host, declare_host
from troth.base.logs import CODE, STATUS, declare, event
from troth.media.bucket_answers import error_code
from troth.media.keeping import StoreAway
from troth.media.signing import EMPTY_SHA256, signed
from troth.workspaces.scope import is_open

# Waits before the second and each further try; each is drawn between half of it and all of it.
PAUSES_S = (0.2, 0.6, 2.0, 6.0)
RETRY_AFTER_S_MAX = 20.0
TIMEOUT_S = 20.0
BYTES_PER_S_MIN = 256 * 1024  # a body that moves slower than this is given up on
ANSWER_BYTES_MAX = 4 * 1024 * 1024
# Not now. Source: Amazon S3 API Reference, "Error Responses" (read 2026-11-29).
_AGAIN_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_AGAIN_CODES = frozenset({"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "OperationAborted"})

log = logging.getLogger(__name__)
declare("media.store_away", level=logging.WARNING, reason=CODE, status=STATUS)

_draw = SystemRandom()


class Place(Protocol):
    """Where the bucket is (`config/media.py`)."""

    @property
    def scheme(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def style(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def networks(self) -> tuple[str, ...]: ...
    @property
    def where(self) -> str: ...
    @property
    def called(self) -> str: ...
    @property
    def is_here(self) -> bool: ...


class Load(Protocol):
    """A body that can be sent again from its beginning."""

    size: int

    def pieces(self) -> AsyncIterator[bytes]:
        """Give the bytes from the first on."""


def declare_bucket(place: Place) -> None:
    """Allow the outbound client to call the store that the installer chose. One on this machine needs no leave: nobody
    else is called."""
    if not place.is_here:
        declare_host(
            Host(
                name=place.called,
                of=place.where or place.host,
                purpose=_("To keep the files of conversations"),
                sends=(_("Files of conversations, sealed before they leave; their ids and sizes"),),
                where=place.where or place.host,
                subprocessor=False,  # the installer's own, as the machine is: shown apart from ours
                part="media",
            )
        )


class Calls:
    """Calls to one bucket. Made outside of any scope: nobody's transaction waits for a store."""

    def __init__(self, place: Place) -> None:
        self._place = place
        usual = {"https": 443, "http": 80}[place.scheme]
        self._host = place.called if place.port == usual else f"{place.called}:{place.port}"
        self._root = "" if place.called != place.host else f"/{place.name}"

    def call(
        self,
        method: str,
        key: str = "",
        *,
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes | Load | None = None,
        sha256: str = "",
        max_bytes: int = ANSWER_BYTES_MAX,
        good: Callable[[Response], bool] | None = None,
    ) -> Response:
        """Return the answer, whatever it says, once the store gives one that is meant. `good` may refuse an answer that came
        damaged.

        Raises: StoreAway, when it gives none.
        """
        if is_open():
            raise RuntimeError("a store is asked outside of scopes: nobody's transaction waits for it")
        target = self._target(key, query)
        reason, status = "unreachable", 0
        for pause_s in (0.0, *PAUSES_S):
            if pause_s:
                time.sleep(pause_s * _draw.uniform(0.5, 1.0))
            try:
                answer = self._once(method, target, headers or {}, body, sha256, max_bytes)
            except Refused:
                reason = "address_refused"
                break
            except TooLarge as large:
                reason, status = "too_large", large.status
                break
            except HttpError as failed:
                reason = failed.reason if isinstance(failed, NotSent) else "no_answer"
                continue
            if answer.status in _AGAIN_STATUSES or error_code(answer) in _AGAIN_CODES:
                reason, status = error_code(answer) or "busy", answer.status
                _rest(answer)
            elif good is not None and not good(answer):
                reason, status = "damaged", answer.status
            else:
                return answer
        event(log, "media.store_away", reason=reason, status=status)
        raise StoreAway(reason)

    def _once(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | Load | None, sha256: str, most: int
    ) -> Response:
        size = 0 if body is None else len(body) if isinstance(body, bytes) else body.size
        place = self._place
        proven = signed(
            method,
            target,
            headers,
            host=self._host,
            body_sha256=sha256 or EMPTY_SHA256,
            key_id=place.key_id,
            secret=place.secret,
            region=place.region,
            at=now(),
        )
        return request_sync(
            method,
            f"{place.scheme}://{self._host}{target}",
            headers=proven,
            data=body if isinstance(body, bytes | None) else Streamed(size_bytes=size, pieces=body.pieces()),
            timeout_s=TIMEOUT_S + max(size, most) / BYTES_PER_S_MIN,
            max_bytes=most,
            allow=[place.called],
            trusted=[(place.host, place.port)] if place.is_here else [],
            allowed_networks=place.networks,
            ports=[443, place.port],
        )

    def _target(self, key: str, query: Sequence[tuple[str, str]]) -> str:
        path = f"{self._root}/{quote(key, safe='/-_.~')}"
        words = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query))
        return f"{path}?{words}" if words else path


def _rest(answer: Response) -> None:
    """Wait as long as a busy store asks us to, within reason."""
    said = answer.headers.get("Retry-After", "")
    if said.isascii() and said.isdigit():
        time.sleep(min(float(said), RETRY_AFTER_S_MAX))
