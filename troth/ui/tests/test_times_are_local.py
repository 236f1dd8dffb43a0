"""Times are shown in the zone that the browser told; nonsense in the cookie changes nothing."""

import pytest

from troth.ui.zone import zone_of


def test_a_known_zone_is_found_also_as_cookies_encode_it() -> None:
    assert str(zone_of("Asia/Kuala_Lumpur")) == "Asia/Kuala_Lumpur"
    assert str(zone_of("Asia%2FKuala_Lumpur")) == "Asia/Kuala_Lumpur"


@pytest.mark.clause("X5")
@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "x" * 200, "a\x00b"])
def test_nonsense_is_no_zone(name: str) -> None:
    assert zone_of(name) is None
