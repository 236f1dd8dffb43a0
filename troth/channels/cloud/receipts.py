"""Telling a customer that what they wrote was read, and that an answer is being written. Meta marks all before it as read too.

Source: Cloud API, "mark messages as read" and "typing indicators" (read 2026-11-29): both name an incoming message, at most
30 days old; the indicator goes by itself after 25 seconds or when an answer is sent.
"""

from typing import Any

from troth.channels.cloud.checks import CallFailed, Graph
from troth.channels.cloud.sent import READING


async def mark_read(graph: Graph, *, number_id: str, external_id: str, typing: bool) -> str:
    """Mark a message and all before it as read; return a short word for why it did not work, empty where it did."""
    body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    try:
        await graph.call("POST", number_id, "messages", body=body, declared=READING)
    except CallFailed as failed:
        return failed.code
    return ""
