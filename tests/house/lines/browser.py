"""Who may open which address of cookies, usage, mail choices and Meta's callbacks."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
