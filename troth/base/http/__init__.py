"""The one outbound HTTP client: nothing else in the product opens a connection to the outside.

Owns: which addresses may be reached, time-outs, size caps, and what may be concluded when a call fails.
Never: follows a redirect, keeps a cookie, obeys a proxy from the environment, or puts an address into an error.
Start here: `Client` in coroutines, `request_sync` in threads.
"""

from troth.base.http.answers import Response
from troth.base.http.blocking import request_sync
from troth.base.http.client import Client, Streamed
from troth.base.http.departure import on_departure
from troth.base.http.errors import Ambiguous, HttpError, NotSent, Refused, TooLarge

__all__ = [
    "Ambiguous",
    "Client",
    "HttpError",
    "NotSent",
    "Refused",
    "Response",
    "Streamed",
    "TooLarge",
    "on_departure",
    "request_sync",
]
