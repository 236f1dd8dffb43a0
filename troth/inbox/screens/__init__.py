"""What the inbox's templates show, made from rows: plain values only, no queries in templates.

Start here: `listing.py` (the list) and `thread.py` (one conversation).
"""
