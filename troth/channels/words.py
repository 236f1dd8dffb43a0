"""Makes words of Meta's that we have no better ones for readable."""


def readable(word: str) -> str:
    """Return a word such as ACCOUNT_REVIEW or group_create as people write; any other one as it is."""
    is_code = word.isupper() or ("_" in word and word.islower())
    return word.replace("_", " ").capitalize() if is_code else word
