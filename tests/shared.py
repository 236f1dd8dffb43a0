"""One running product for every test module of a process that only makes workspaces of its own in it.

To start web and worker takes seconds. Who kills processes, sets the environment or looks at what all workspaces hold
together starts a product of their own: `with Live("name") as live`.
"""

from collections.abc import Iterator

import pytest

from tests.live import Live


@pytest.fixture(scope="session")
def product() -> Iterator[Live]:
    """Return the running product."""
    with Live("shared") as running:
        yield running
