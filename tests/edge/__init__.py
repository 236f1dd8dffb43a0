"""WhatsApp as a linked device meets it, on loopback: enough of it to link, hear, say, fetch and be thrown out.

It is written from the protocol's facts, to drive the engine as it is installed: nothing of that is changed on disk. What
passes here shows that the engine and we read the protocol alike; that WhatsApp lets us in shows only WhatsApp.
Start here: `edge.py` (the servers), `phone.py` (the phone that scans, and people who write).
"""
