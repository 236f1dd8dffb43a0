"""The engine for WhatsApp Web: `neonize` (whatsmeow, called through ctypes), as long as somebody has installed it.

Owns: what is asked of it and what it tells, in words of the contract; the one thread that it waits on.
Never: a file, a link preview, a request to anybody but WhatsApp, a word kept beside the session's memory.
Start here: `engine.py` (the driver), `history.py` and `live.py` (what it tells), `writes.py` (what it is told to say).
"""

from port.drivers.neonize.engine import driver

__all__ = ["driver"]
