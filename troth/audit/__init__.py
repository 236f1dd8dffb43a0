"""Who did what.

Owns: entries: append-only, hash-chained, one chain a workspace and one of the installation.
Never: holds a message's text, a name or a number in clear, or a key into another table.
Start here: record.py, then chain.py.
"""
