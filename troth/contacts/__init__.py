"""People outside: who wrote, and every way by which we know them.

Owns: contacts, identities, consents.
Never: sends.
Start here: recognise.py.
"""
