"""Files that are uploaded for the app: samples of templates' headers, pictures of profiles. They are named by a handle.

Source: Meta, resumable uploads (read 2026-11-29).
"""

from typing import Any

from troth.base.http import Client
from troth.channels.cloud.checks import CallFailed, Check, answered
from troth.channels.cloud.graph import address, error_in, object_in, proof_of
from troth.channels.cloud.templates import refused
from troth.channels.cloud.wire.reading import word

TIMEOUT_S = 18.0


async def upload(
    client: Client,
    *,
    base_url: str,
    version: str,
    app_id: str,
    token: str,
    app_secret: str | None,
    data: bytes,
    name: str,
    mime: str,
) -> Check:
    """Upload a file at once. Facts: handle."""
    proof = proof_of(token, app_secret=app_secret)
    begun = {"file_name": name, "file_length": str(len(data)), "file_type": mime, "appsecret_proof": proof}
    try:
        session = await _posted(client, address(base_url, version, app_id, "uploads", **begun), token=token, data=None)
        session_id = word(session.get("id"), chars_max=2_000)
        if session_id is None or not session_id.startswith("upload:"):
            return Check(ok=False, code="unreadable")
        url = _continued(address(base_url, version, session_id), proof)
        handle = word((await _posted(client, url, token=token, data=data)).get("h"), chars_max=4_000)
    except CallFailed as failed:
        return refused(failed)
    return Check(ok=True, facts={"handle": handle}) if handle else Check(ok=False, code="unreadable")


def _continued(url: str, proof: str | None) -> str:
    # The session's id may bring a signature along, as a query of its own.
    return f"{url}{'&' if '?' in url else '?'}appsecret_proof={proof}" if proof else url


async def _posted(client: Client, url: str, *, token: str, data: bytes | None) -> dict[str, Any]:
    headers = {"Authorization": f"OAuth {token}"}
    if data is not None:
        headers |= {"file_offset": "0", "Content-Type": "application/octet-stream"}
    asked = client.request("POST", url, headers=headers, data=data or b"", timeout_s=TIMEOUT_S)
    response = await answered(asked)
    answer = object_in(response)
    if (error := error_in(response, answer)) is not None:
        raise CallFailed("graph_error", error=error)
    if answer is None:
        raise CallFailed("unreadable")
    return answer
