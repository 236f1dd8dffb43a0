"""A member who is removed is out within five seconds: of pages at once, of an open stream as soon as it is told."""

import http.client
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.live import Live, LiveHouse

pytestmark = [pytest.mark.slow, pytest.mark.clause("B3.4", "X20", "X26")]
OUT_WITHIN_S = 5.0


def test_an_open_stream_ends_and_no_page_opens(running: Live, record_property: Callable[[str, object], None]) -> None:
    house = running.house("Teh & Co", Olga="owner", Nils="agent")
    with _stream(house, "Nils") as stream:
        assert stream.status == 200
        assert house.page("inbox/", who="Nils")[0] == 200
        member = _member(house, "Nils")
        began = time.monotonic()
        assert house.post(f"settings/members/{member}/remove/", {}, who="Olga")[0] in (200, 204, 302)
        assert house.page("inbox/", who="Nils")[0] == 404
        _read_to_its_end(stream)
        record_property("measured:seconds until a removed member is out of an open stream", time.monotonic() - began)


@contextmanager
def _stream(house: LiveHouse, who: str) -> Iterator[http.client.HTTPResponse]:
    """Open a member's stream of pokes."""
    with closing(http.client.HTTPConnection("127.0.0.1", house.live.port, timeout=OUT_WITHIN_S)) as connection:
        connection.request("GET", f"/events?w={house.handle}", headers={"Cookie": f"session={house.cookies[who]}"})
        with closing(connection.getresponse()) as stream:
            yield stream


def _member(house: LiveHouse, who: str) -> str:
    page = house.page("settings/members/", who="Olga")[1]
    found = re.search(rf"{who}.*?settings/members/([0-9a-f-]{{36}})/remove/", page, re.DOTALL)
    assert found is not None, page
    return found.group(1)


def _read_to_its_end(stream: http.client.HTTPResponse) -> None:
    """Read what still comes. A stream that goes on beyond its time runs into the connection's own limit."""
    deadline = time.monotonic() + OUT_WITHIN_S
    try:
        while stream.read1(4096):
            assert time.monotonic() < deadline, "the stream goes on"
    except TimeoutError:
        pytest.fail("the stream is still open")
