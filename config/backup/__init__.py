"""Copies of everything, and the way back.

Owns: encrypted backups of the database and the media, apart from them those of the keys; how long each lives; restoring
beside what is there and putting it in place in the end.
Never: imports the product, writes anything unencrypted into a backup folder, opens what is half restored, asks a
PostgreSQL program found on the PATH.
Start here: `making.py` and `restoring.py` for the order of things, `chain.py` for the form of a file.
"""
