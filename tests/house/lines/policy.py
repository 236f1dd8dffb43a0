"""Who may open which address of the policy, the promises and what stands around them."""

from tests.house.authz import Line

LINES: dict[str, Line] = {}
