"""Who may open which address of the access log, help and the staff's door."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
