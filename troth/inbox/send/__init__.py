"""The send lane: takes messages out of the outbox and hands them to their channel's adapter, each once.

Start here: `lane.py` (one process's lane), `number.py` (one connected number), `ledger.py` (what is written and when).
"""
