"""Request lines and headers that cannot be split, and cannot change how the request is framed."""

import re
from collections.abc import Mapping

from troth.base.http.errors import Refused

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# The client itself decides whom it speaks to and where a request ends.
_OURS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"}
)


def checked_method(method: str) -> str:
    """Return the method.

    Raises: Refused
    """
    if method not in _METHODS:
        raise Refused
    return method


def checked_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return a copy of the headers.

    Raises: Refused
    """
    if not headers:
        return {}
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name) or not _PRINTABLE.fullmatch(value):
            raise Refused
        lowered = name.lower()
        if lowered in _OURS or lowered.startswith("proxy-"):
            raise Refused
    return dict(headers)
