"""The words of a name, as keyed hashes by which a contact is found."""

from troth.base.sealing import Ring, prefixes_of

NAME_PLACE = "contacts_contact.name_tokens"


def name_tokens(keys: Ring, name: str) -> list[int]:
    """Return the keyed hashes by which a contact is found while its name is still being typed."""
    return keys.tokens(prefixes_of(name), place=NAME_PLACE)
