"""Talk that is kept.

Owns: conversations, messages, receiving, the outbox and its send lane, gaps, the inbox screens.
Never: talks HTTP itself.
Start here: receive.py and outbox.py.
"""
