"""WhatsApp Web as a linked device sees it: phones with conversations, codes to scan, and what happens meanwhile.

Owns: phones, devices, the plain-HTTP stand-in for WhatsApp's own protocol under `/web/`.
Never: knows how the product calls things, or shares a line with its gateway.
Start here: `edge.py` (what there is), `calls.py` (which address does what), `../control_web.py` (what can be made to happen).
"""
