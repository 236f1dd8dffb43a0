"""Who may open which address of erasure, retention and holds."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
