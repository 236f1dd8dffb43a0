"""Pages stay in this browser's memory, and parts of a page are not mistaken for the whole."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from troth.ui.middleware import PrivatePages


def answer(response: HttpResponse) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return response

    return PrivatePages(view)(RequestFactory().get("/"))


def test_nothing_may_keep_a_page() -> None:
    assert answer(HttpResponse()).headers["Cache-Control"] == "no-store"


def test_a_view_that_knows_better_is_left_alone() -> None:
    assert answer(HttpResponse(headers={"Cache-Control": "max-age=60"})).headers["Cache-Control"] == "max-age=60"


def test_a_part_and_a_whole_page_are_told_apart() -> None:
    assert answer(HttpResponse()).headers["Vary"] == "HX-Request, HX-Target"


def test_the_page_may_use_no_device() -> None:
    allowed = answer(HttpResponse()).headers["Permissions-Policy"]
    assert "camera=()" in allowed
    assert "geolocation=()" in allowed
