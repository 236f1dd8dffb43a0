"""Reference data beside the repository, for the tests that compare us with it where it is there."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "cloud-api"

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference data is not beside the repository")
