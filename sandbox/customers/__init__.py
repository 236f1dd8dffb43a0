"""The customers: who they are, what they want, and when they write.

Owns: the cast, their lines, the pace. Never: decides what the platform makes of it (that is `inbound.py`).
Start here: `cast.py` for the people, `director.py` for the time.
"""
