"""Plain blocking JSON calls to this machine, for the commands and for tests."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 15.0


def call(
    method: str, url: str, *, token: str | None = None, body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON of the answer; an answer that is no JSON object comes back as `{"text": ...}`.

    Raises: OSError when nobody answers.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    payload = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        payload = json.dumps(body).encode()
    status, raw = call_raw(method, url, headers=headers, body=payload)
    try:
        decoded = json.loads(raw)
    except ValueError:
        decoded = None
    return status, decoded if isinstance(decoded, dict) else {"text": raw.decode("utf-8", "replace")}


def call_raw(
    method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, bytes]:
    """Return status and bytes of the answer.

    Raises: OSError when nobody answers.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_S)
    try:
        connection.request(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), body=body, headers=headers or {}
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
