"""Who may open which address of the pages about data."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
