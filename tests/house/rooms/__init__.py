"""What stands in each of the two houses, by area."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.house.rooms import browser, datamap, forgetting, people, policy, rights, support, templates, ways

if TYPE_CHECKING:
    from tests.house.two_houses import Kept

ROOMS: list[Callable[["Kept"], None]] = [
    browser.furnish,
    datamap.furnish,
    forgetting.furnish,
    people.furnish,
    policy.furnish,
    rights.furnish,
    support.furnish,
    templates.furnish,
    ways.furnish,
]
