"""The keyed hashes by which messages are found without their ids or words being stored in clear."""

from troth.base.sealing import Ring, words_of
from troth.channels.contract import Content
from troth.inbox.preview import preview_text


def external_hash(keys: Ring, external_id: str) -> bytes:
    """Return the keyed hash of a message's id at the provider: such ids contain phone numbers."""
    return keys.index(external_id, place="inbox_message.external_hash")


def tokens_of(keys: Ring, content: Content) -> list[int]:
    """Return the keyed hashes of the words by which a message is found."""
    said = " ".join(part for part in (content.text, preview_text(content)) if part)
    return keys.tokens(words_of(said), place="inbox_message.tokens") if said else []
