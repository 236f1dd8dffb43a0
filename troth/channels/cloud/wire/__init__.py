"""What Meta's webhooks say, as events of the contract.

Owns: reading bodies. Never: Django, the network, the clock, an exception.
Start here: `envelope.py`. A body holds entries, an entry holds changes, a change holds a value, a value holds items;
each item is at least one event.
"""

from troth.channels.cloud.wire.envelope import parse

__all__ = ["parse"]
