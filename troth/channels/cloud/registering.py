"""Registering a number with the platform, and asking a phone app to hand over what it has.

A number that lives in the phone app too is never registered nor deregistered: that would take it away there.
Source: Meta, "Registration", "Onboarding WhatsApp Business app users" (read 2026-11-29).
"""

from typing import Literal

from troth.channels.cloud.checks import CallFailed, Check, Graph
from troth.channels.cloud.sent import HANDING_OVER, REGISTERING
from troth.channels.cloud.words import _

Handed = Literal["contacts", "history"]
SYNC_TYPES: dict[str, str] = {"contacts": "smb_app_state_sync", "history": "history"}
ASKED_BEFORE, TOO_LATE, DECLINED = 2593107, 2593108, 2593109

PIN_CHECKS: dict[int, str] = {
    133005: _("This is not the number's PIN. If nobody knows it any more, reset it in WhatsApp Manager."),
    133006: _("The number has to be verified first. Do that in WhatsApp Manager, by SMS or a call."),
    133008: _("The PIN was guessed too often. Meta says in WhatsApp Manager when it can be tried again."),
    133009: _("The PIN was tried again too soon. Wait some minutes."),
    133015: _("The number was deleted just now. Wait five minutes, then try again."),
    133016: _("The number was registered too often. Meta takes it again after three days."),
}


async def register(graph: Graph, *, number_id: str, pin: str) -> Check:
    """Register a number with the platform under its two-step PIN. Where it has none yet, this becomes its PIN."""
    body = {"messaging_product": "whatsapp", "pin": pin}
    try:
        await graph.call("POST", number_id, "register", body=body, declared=REGISTERING)
    except CallFailed as failed:
        return failed.check()
    return Check(ok=True)


async def hand_over(graph: Graph, *, number_id: str, kind: str) -> Check:
    """Ask for the address book or the old messages of a number's phone app. Each is handed over once, within a day.

    The codes of what goes wrong are "asked_before" and "too_late", beside those of any call.
    """
    body = {"messaging_product": "whatsapp", "sync_type": SYNC_TYPES[kind]}
    try:
        await graph.call("POST", number_id, "smb_app_data", body=body, declared=HANDING_OVER)
    except CallFailed as failed:
        return failed.check(code=_code_of(failed))
    return Check(ok=True)


def _code_of(failed: CallFailed) -> str | None:
    said = {failed.error.code, failed.error.subcode} if failed.error is not None else set()
    if ASKED_BEFORE in said:
        return "asked_before"
    return "too_late" if TOO_LATE in said else None
