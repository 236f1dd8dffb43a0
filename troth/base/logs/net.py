"""The last net: what looks like a person or a secret never reaches a log line, whoever let it through."""

import re

TEXT_CHARS_MAX = 300

_NET = re.compile(
    r"""
    (?P<id>      \b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b )
  | (?P<mail>    [^\s@"'<>]+ @ [^\s@"'<>]+ )
  | (?P<token>   \b(?:bearer|basic|oauth|token|secret|password|key) [\s:=]+ [^\s"',;&]+ )
  | (?P<message> wamid\.[\w=+/-]+ )
  | (?P<secret>  (?=[A-Za-z_+=-]*[0-9]) [A-Za-z0-9_+=-]{24,} )
  | (?P<phone>   \+? \d (?: [\s().\-\u2010-\u2015/]{0,3} \d ){6,18} )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def scrubbed(text: str) -> str:
    """Return the text, shortened, without anything that looks like a number, an e-mail address or a secret.

    Ids of ours (UUIDs) stay.
    """
    return _NET.sub(_replacement, text[:TEXT_CHARS_MAX])


def _replacement(found: re.Match[str]) -> str:
    return found[0] if found.lastgroup == "id" else f"[{found.lastgroup}]"
