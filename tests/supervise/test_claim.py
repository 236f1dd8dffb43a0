"""One running Troth a home."""

from pathlib import Path

import pytest

from config.supervise.claim import Claim
from config.trouble import Trouble


def test_the_second_is_told_where_the_first_one_is(home: Path) -> None:
    first = Claim(home)
    first.take()
    first.announce("http://127.0.0.1:8000")
    with pytest.raises(Trouble, match="already running at http://127.0.0.1:8000"):
        Claim(home).take()
    first.release()
    second = Claim(home)
    second.take()
    second.release()


def test_one_that_is_still_starting_has_no_address_yet(home: Path) -> None:
    first = Claim(home)
    first.take()
    with pytest.raises(Trouble, match="already starting"):
        Claim(home).take()
    first.release()


def test_another_home_is_free(home: Path) -> None:
    first, other = Claim(home), Claim(home / "other")
    first.take()
    other.take()
    first.release()
    other.release()
