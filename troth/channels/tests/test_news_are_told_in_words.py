"""What Meta said of a number stands on its page in plain words, the newest first."""

from datetime import timedelta

import pytest

from tests.cast import House
from troth.base.clock import now
from troth.channels.models import Channel, ChannelNotice
from troth.channels.news import news_of
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope


def told(house: House, aspect: str, value: str, *, count: int = 1) -> tuple[str, str]:
    """Keep notices, each an hour older than the one before; return how the newest is worded."""
    with scope(house.id):
        for n in range(count):
            at = now() - timedelta(hours=n)
            digest = f"{aspect} {value} {n}".encode()
            ChannelNotice.objects.create(
                channel_id=house.channel, aspect=aspect, value=f"{value}{n}" if count > 1 else value, at=at,
                once_hash=digest,
            )  # fmt: skip
        first = news_of(Channel.objects.get(pk=house.channel)).lines[0]
    return first.about, first.word


def test_a_problem_is_explained(house: House) -> None:
    about, word = told(house, "problem", "130429")
    assert about == "Meta reported a problem"
    assert word.startswith("This number is sending as fast as")


@pytest.mark.parametrize("code", ["987654", "-5"])
def test_an_unknown_problem_is_not_explained_away(house: House, code: str) -> None:
    assert told(house, "problem", code)[1] == f"Meta gave no more than the code {code}."


def test_a_problem_without_a_number_stands_as_it_is(house: House) -> None:
    assert told(house, "problem", "odd")[1] == "odd"


def test_a_refused_history_says_why(house: House) -> None:
    assert told(house, "history", "2593109")[1] == "The phone app's owner chose not to share old messages."


def test_what_we_do_not_know_is_said_so(house: House) -> None:
    about, word = told(house, "moon_phase", "FULL_MOON")
    assert about == "Meta told of something that Troth does not know (Moon phase)"
    assert word == "Full moon"


def test_the_page_shows_the_newest_ten_and_all_on_demand(house: House, browser_of: Browser) -> None:
    told(house, "flow", "NR", count=12)
    url = f"/w/{house.handle}/channels/{house.channel}/"
    few = browser_of("Bob").get(url).content.decode()
    assert few.count("News about a form") == 10
    assert few.index("Nr0") < few.index("Nr9")
    assert '<a class="button button-small" href="?news=all#news">' in few
    full = browser_of("Bob").get(f"{url}?news=all").content.decode()
    assert full.count("News about a form") == 12
    assert "?news=all" not in full


def test_all_ends_at_the_newest_two_hundred_and_says_so(house: House, browser_of: Browser) -> None:
    told(house, "flow", "NR", count=201)
    shown = browser_of("Bob").get(f"/w/{house.handle}/channels/{house.channel}/?news=all").content.decode()
    assert shown.count("News about a form") == 200
    assert "The newest 200 are shown." in shown
