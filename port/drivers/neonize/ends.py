"""Why a session ends, read from what the library says of it. Pure.

Source: neonize 0.5.2 and whatsmeow's `connectionevents.go` and `qrchan.go` (read 2026-11-30).
"""

from typing import Any

from port.contract import End, State, Went

CODES = 6  # that a session shows; the last one runs out after 160 s
FIRST_CODE_S, NEXT_CODE_S = 60, 20

# Why the server let nobody in, by the library's numbers.
_LOGGED_OUT, _TEMP_BANNED, _PHONE_GONE, _BANNED, _OUTDATED, _BAD_AGENT = 2, 3, 4, 5, 6, 7
_AT_THE_DOOR = {
    _LOGGED_OUT: End.UNLINKED,
    _TEMP_BANNED: End.RESTRICTED,
    _PHONE_GONE: End.PHONE_GONE,
    _BANNED: End.BANNED,
    _OUTDATED: End.OUTDATED,
    _BAD_AGENT: End.OUTDATED,
}
_ENDING = ("TemporaryBan", "LoggedOut", "ConnectFailure", "StreamError", "PairStatus")
_STATUS = {
    "passkey-request": End.PASSKEY_UNSUPPORTED,
    "passkey-confirmation": End.PASSKEY_UNSUPPORTED,
    "err-client-outdated": End.OUTDATED,
    "error": End.CRASHED,
}


def of_status(status: str, *, codes: int) -> End | None:
    """Return what a word about linking ends; None where it ends nothing. `codes` is how many were shown."""
    if status == "timeout":
        return End.NOT_SCANNED if codes >= CODES else End.UNREACHABLE
    return _STATUS.get(status)


def of_event(event: Any, *, at: int) -> Went | None:
    """Return the end that an event means; None where it means none. `at` is the instant, in milliseconds since 1970."""
    match event.DESCRIPTOR.name:
        case "LoggedOut":
            return _ended(_AT_THE_DOOR.get(event.Reason, End.UNLINKED) if event.OnConnect else End.UNLINKED)
        case "StreamReplaced":
            return _ended(End.REPLACED)
        case "TemporaryBan":
            return _ended(End.RESTRICTED, until=at + event.Expire * 1000 if event.Expire > 0 else 0)
        case "ClientOutdated":
            return _ended(End.OUTDATED)
        case "ConnectFailure":
            return _ended(_AT_THE_DOOR.get(event.Reason, End.UNREACHABLE))
        case _:
            return None


def was_untold(text: str) -> bool:
    """Return whether the library gave up for an event that it has no word for, and that ends nothing by itself."""
    return "required field neonize." in text and not any(f"neonize.{name}." in text for name in _ENDING)


def of_failure(text: str) -> End:
    """Return what it means that the library gave up with this sentence. It does so for what it cannot tell, too."""
    if "neonize.TemporaryBan." in text:
        return End.RESTRICTED
    if "neonize.LoggedOut." in text:
        return End.UNLINKED
    return End.UNREACHABLE if "dial" in text or "websocket" in text or "handshake" in text else End.CRASHED


def _ended(why: End, *, until: int = 0) -> Went:
    return Went(state=State.ENDED, end=why, restricted_until=until)
