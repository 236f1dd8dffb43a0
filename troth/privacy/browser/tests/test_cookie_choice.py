"""Nothing optional lies in a browser before a yes; a no is as easy; the choice holds six months; the signal is a no."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from troth.base.clock import now
from troth.base.consent import LASTS, allows
from troth.base.cookies import Cookie, Place, declare_cookie, forget_cookie
from troth.privacy.browser.guard import CookieGuard

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B8.2", "B8.3", "L3")]

SIGNAL = {"Sec-GPC": "1"}


def leaves(tally: Cookie, client: Client, **headers: str) -> bool:
    """Return whether an answer that tries to leave the optional cookie with this browser succeeds."""

    def answers(request: HttpRequest) -> HttpResponse:
        answer = HttpResponse()
        answer.set_cookie(tally.written, "1")
        return answer

    request = RequestFactory(headers=headers).get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    answer = CookieGuard(answers)(request)
    left: bool = answer.cookies[tally.written]["max-age"] != 0
    assert left == allows(request, tally)
    return left


def answer_question(client: Client, answer: str, **more: Any) -> None:
    assert client.post("/cookies/choice/", {"answer": answer, **more}).status_code == 302


def test_silence_is_no(tally: Cookie) -> None:
    assert not leaves(tally, Client())


def test_yes_is_kept_and_no_is_kept(tally: Cookie) -> None:
    client = Client()
    answer_question(client, "accept")
    assert leaves(tally, client)
    answer_question(client, "reject")
    assert not leaves(tally, client)


@pytest.mark.parametrize("answer", ["", "yes", "chosen"])
def test_anything_but_a_clear_yes_is_no(tally: Cookie, answer: str) -> None:
    client = Client()
    answer_question(client, answer)
    assert not leaves(tally, client)


def test_one_may_choose_one_by_one(tally: Cookie) -> None:
    other = Cookie("other", Place.COOKIE, "Something else.", tally.life, essential=False)
    declare_cookie(other)
    try:
        client = Client()
        answer_question(client, "chosen", names=["other", "session", "nothing"])
        assert not leaves(tally, client)
        assert leaves(other, client)
    finally:
        forget_cookie(other)


def test_a_no_takes_away_what_a_yes_had_left(tally: Cookie) -> None:
    client = Client()
    answer_question(client, "accept")
    client.cookies[tally.written] = "1"
    answer_question(client, "reject")
    assert client.cookies[tally.written].value == ""
    assert client.cookies[tally.written]["max-age"] == 0


def test_the_question_stands_on_pages_until_it_is_answered(tally: Cookie) -> None:
    client = Client()
    assert "cookie-question" in client.get("/account/login/").content.decode()
    answer_question(client, "reject")
    assert "cookie-question" not in client.get("/account/login/").content.decode()


def test_accept_and_reject_stand_side_by_side_and_look_alike(tally: Cookie) -> None:
    page = Client().get("/account/login/").content.decode()
    buttons = re.findall(r'<button ([^>]*)value="(accept|reject)">', page)
    assert [what for _, what in buttons] == ["accept", "reject"]
    assert len({attributes for attributes, _ in buttons}) == 1


def test_no_box_is_ticked_beforehand(tally: Cookie) -> None:
    page = Client().get("/cookies/").content.decode()
    boxes = re.findall(r"<input type=\"checkbox\"[^>]*>", page)
    assert len(boxes) == 1
    assert "checked" not in boxes[0]


def test_the_page_works_before_an_answer(tally: Cookie) -> None:
    client = Client()
    assert client.get("/account/signup/").status_code == 200
    assert client.get("/cookies/").status_code == 200


def test_the_signal_of_the_browser_is_a_no_that_is_not_asked_again(tally: Cookie) -> None:
    client = Client(headers=SIGNAL)
    assert "cookie-question" not in client.get("/account/login/").content.decode()
    assert "Global Privacy Control" in client.get("/cookies/").content.decode()
    answer_question(client, "accept")
    assert not leaves(tally, client, **SIGNAL)


def test_a_choice_holds_for_six_months_and_no_longer(tally: Cookie) -> None:
    client = Client()
    answer_question(client, "accept")
    assert client.cookies["choice"]["max-age"] == LASTS.total_seconds()
    with time_machine.travel(now() + timedelta(days=180)):
        assert leaves(tally, client)
    with time_machine.travel(now() + timedelta(days=183)):
        assert not leaves(tally, client)
        assert "cookie-question" in client.get("/account/login/").content.decode()


def test_a_yes_is_for_what_was_asked_and_not_for_what_is_added_later(tally: Cookie) -> None:
    client = Client()
    answer_question(client, "accept")
    later = Cookie("later", Place.COOKIE, "Added later.", tally.life, essential=False)
    declare_cookie(later)
    try:
        assert not leaves(later, client)
        assert "cookie-question" in client.get("/account/login/").content.decode()
    finally:
        forget_cookie(later)


@pytest.mark.parametrize("forged", ["x", "..", "accept", "00000000.9999999999.tally", "a.b.c.d", "%00"])
def test_a_made_up_choice_is_none(tally: Cookie, forged: str) -> None:
    client = Client()
    client.cookies["choice"] = forged
    assert not leaves(tally, client)


def test_a_choice_from_the_future_is_none(tally: Cookie) -> None:
    client = Client()
    with time_machine.travel(now() + timedelta(days=2)):
        answer_question(client, "accept")
    assert not leaves(tally, client)


@pytest.mark.clause("B8.1")
def test_scripts_cannot_read_the_choice(tally: Cookie) -> None:
    client = Client()
    answer_question(client, "reject")
    assert client.cookies["choice"]["httponly"]


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_after_choosing_one_stays_here(tally: Cookie, elsewhere: str) -> None:
    answer = Client().post("/cookies/choice/", {"answer": "reject", "next": elsewhere})
    assert answer.headers["Location"] == "/cookies/"


def test_after_choosing_one_is_where_one_was(tally: Cookie) -> None:
    answer = Client().post("/cookies/choice/", {"answer": "reject", "next": "/account/login/"})
    assert answer.headers["Location"] == "/account/login/"


@pytest.mark.clause("B8.1")
def test_a_cookie_that_nobody_declared_does_not_leave(caplog: pytest.LogCaptureFixture) -> None:
    def answers(request: HttpRequest) -> HttpResponse:
        answer = HttpResponse()
        answer.set_cookie("tracker", "1")
        return answer

    assert dict(CookieGuard(answers)(RequestFactory().get("/")).cookies) == {}
    assert "cookie.undeclared" in caplog.text
