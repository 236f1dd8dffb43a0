"""Forgetting people, members and workspaces: at once out of sight, undone for seven days, then gone, with a certificate.

Owns: erasures, suppression after them, retention, legal holds, the replay of tombstones after a restore.
Never: decides what is personal; the data registry does. Never: believes a checkpoint that was not written together
with what it counts.
Start here: `contacts.py` (a person), `members.py` (an account), `workspaces.py`; `purge.py` runs the steps of all three.
"""
