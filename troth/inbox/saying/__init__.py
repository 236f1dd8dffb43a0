"""What members say beyond plain text, and what can be done with a message: each checked before it is queued.

Start here: `content.py` (what a dialog sends becomes the contract's Content), `sending.py` (checks, then the outbox).
"""
