"""The security codes that a batch tells of: beside messages and statuses, or in news that one changed."""

from collections.abc import Sequence

from troth.channels.contract import IdentityChanged, Who
from troth.contacts.security_codes import Code, learn
from troth.inbox.receive.arrival import Arrival, Contacts, Named


def keep_codes(arrivals: Sequence[Arrival], contacts: Contacts) -> None:
    """Keep the newest code of everybody whom these events name with one."""
    codes = []
    for arrival in arrivals:
        event = arrival.event
        changed = isinstance(event, IdentityChanged) and event.kind == "security_code"
        who = event.after if isinstance(event, IdentityChanged) else getattr(event, "who", None)
        named = contacts.get(id(event), Named(None))
        contact = named.sender or named.contact
        if contact is not None and isinstance(who, Who) and (changed or who.identity_hash):
            codes.append(Code(contact, arrival.at, who.identity_hash, changed))
    if codes:
        learn(codes)
