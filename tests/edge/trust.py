"""Lets the engine of this process, and of no other, trust the edge: 32 bytes of its memory are exchanged, none of its file.

Source: the public key of WhatsApp's authority, which every linked device holds (whatsmeow's handshake, read 2026-11-30).
"""

import ctypes
import os

WHATSAPP = bytes.fromhex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b")


class NotExchanged(Exception):
    """The key is not where it can be exchanged."""


def exchange(key: bytes, *, library: str = "neonize") -> None:
    """Put this key where the engine's library keeps WhatsApp's. Raises: NotExchanged."""
    places = []
    with open("/proc/self/maps") as maps:
        for line in maps:
            span, rights, *_rest, name = [*line.split(), ""] if len(line.split()) < 6 else line.split()
            if rights.startswith("rw") and library in os.path.basename(name):
                start, end = (int(one, 16) for one in span.split("-"))
                at = ctypes.string_at(start, end - start).find(WHATSAPP)
                places += [start + at] if at >= 0 else []
    if len(places) != 1:
        raise NotExchanged(f"found in {len(places)} places")
    ctypes.memmove(places[0], key, len(key))
