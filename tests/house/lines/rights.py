"""Who may open which address of cases and exports."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
