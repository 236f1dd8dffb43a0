"""A loopback stand-in for Meta's Graph API, with customers who write and answer.

Owns: the WhatsApp part of the Graph API as seen from outside, signed webhooks, faults on demand, a cast of customers.
Never: imports the product (`troth`, `config`) or is imported by it; asks a host beyond this machine for anything.
Start here: `app.py` (which address does what), `world.py` (everything it remembers), `README.md`.
"""
