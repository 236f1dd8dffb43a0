"""What stands in each of the two houses of erasure, retention and holds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Add to a house, in its scope, what the addresses of this area need."""
