"""The gateway: WhatsApp Web sessions that live in memory and are gone when they end.

Owns: one process per port, what it remembers for as long as it lives, the wall around it, the tickets that open it.
Never: knows a database, writes a file, logs what somebody said; imports the product.
Start here: `front.py` (who may talk to which port), `session.py` (what one port does), `contract.py` (what an engine can).
"""
