"""How codes are renewed, and how a phone behaves once a device is linked. All durations are in milliseconds."""

import msgspec


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a code can be scanned, and how many there are until linking has to begin anew.

    Source: project reference `whatsapp-web`, section 1.2: a new code at 0, 60, 80, 100, 120 and 140 s (2026-11-22).
    """

    first_ms: int = 60_000
    next_ms: int = 20_000
    count: int = 6


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One phone's ways. `answers` is whether people write by themselves; None: as the sandbox was started."""

    passkey: bool = False  # WhatsApp asks for one where a code is scanned
    history: int = 0  # messages that are made up, beside the given conversations
    history_chats: int = 500  # in so many of them
    chunk: int = 40  # messages of the history that come at once
    chunk_ms: int = 120
    sent_ms: int = 0
    delivered_ms: int = 500
    read_ms: int = 1_500  # after it was delivered
    reads: bool = True
    answers: bool | None = None
    answer_ms: int = 3_500  # after it was read, of which the last part is spent writing
