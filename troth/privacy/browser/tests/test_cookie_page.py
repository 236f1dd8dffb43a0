"""The cookie page is made from what is declared, and says plainly that there is nothing to refuse where there is nothing."""

import json
from typing import Any

import pytest
from django.test import Client

from troth.base.cookies import Cookie, Place, cookies, declare_cookie
from troth.privacy.browser.listing import life_of


@pytest.mark.clause("B8.1")
def test_everything_declared_stands_there_with_purpose_and_life(db: Any) -> None:
    page = Client().get("/cookies/").content.decode()
    for one in cookies():
        assert f">{one.written}<" in page
        assert life_of(one.life) in page
        assert str(one.purpose).partition(",")[0] in page


@pytest.mark.clause("B8.3")
def test_where_nothing_is_optional_no_page_asks_and_the_page_says_why(db: Any) -> None:
    assert [one for one in cookies() if not one.essential] == []
    page = Client().get("/cookies/").content.decode()
    assert "there is nothing to accept or refuse" in page
    assert "cookie-question" not in Client().get("/account/login/").content.decode()
    assert 'name="answer"' not in page


def test_a_name_is_declared_once(tally: Cookie) -> None:
    with pytest.raises(ValueError, match="twice"):
        declare_cookie(Cookie("tally", Place.COOKIE, "Something else.", tally.life))


@pytest.mark.clause("B8.3")
def test_we_say_in_the_agreed_place_that_we_honour_the_signal(db: Any) -> None:
    answer = Client().get("/.well-known/gpc.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.content)["gpc"] is True
