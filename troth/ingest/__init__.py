"""The webhook door: a delivery is stored raw and sealed, acknowledged, and digested a moment later.

Owns: deliveries, the door, the digest lane.
Never: interprets what a channel's wire should.
Start here: door.py, then digest.py.
"""
