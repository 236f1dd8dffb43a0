"""A channel is open to everybody, or to chosen members and teams; owners and admins always see it."""

from typing import Any

import pytest

from tests.cast import House
from troth.channels import changing
from troth.channels.models import Channel, ChannelMember
from troth.channels.tests.conftest import Browser
from troth.workspaces.models import Membership, Team, TeamMember
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.2a")


@pytest.fixture
def url(house: House) -> str:
    return f"/w/{house.handle}/channels/{house.channel}/"


def team(house: House, *who: str) -> Team:
    with scope(house.id):
        made = Team.objects.create(name="Night shift")
        for name in who:
            TeamMember.objects.create(team=made, membership_id=house.members[name])
        return made


def seen_by(house: House, who: str) -> bool:
    with scope(house.id):
        member = Membership.objects.get(pk=house.members[who])
        return Channel.objects.visible_to(member).exists()


def share(browser_of: Browser, url: str, **form: Any) -> int:
    return browser_of("Alice").post(f"{url}sight/", form).status_code


def test_only_chosen_members_see_it(house: House, browser_of: Browser, url: str) -> None:
    assert share(browser_of, url, open_to="chosen", members=[str(house.members["Bob"])]) == 302
    assert {who: seen_by(house, who) for who in house.members} == {"Alice": True, "Bob": True, "Vera": False}
    assert browser_of("Bob").get(url).status_code == 200
    assert browser_of("Vera").get(url).status_code == 404
    assert b"Main number" not in browser_of("Vera").get(f"/w/{house.handle}/channels/").content


def test_a_teams_members_see_it(house: House, browser_of: Browser, url: str) -> None:
    night = team(house, "Vera")
    share(browser_of, url, open_to="chosen", teams=[str(night.pk)])
    assert (seen_by(house, "Bob"), seen_by(house, "Vera")) == (False, True)


def test_opening_it_to_all_keeps_what_was_chosen(house: House, browser_of: Browser, url: str) -> None:
    chosen = [str(house.members["Bob"])]
    share(browser_of, url, open_to="chosen", members=chosen)
    share(browser_of, url, open_to="all", members=chosen)
    assert seen_by(house, "Vera")
    with scope(house.id):
        assert [one.membership_id for one in ChannelMember.objects.all()] == [house.members["Bob"]]


def test_nobody_of_another_workspace_can_be_chosen(
    house: House, stranger: House, browser_of: Browser, url: str
) -> None:
    assert share(browser_of, url, open_to="chosen", members=[str(stranger.members["Charlie"])]) == 422
    with scope(stranger.id):
        theirs = Team.objects.create(name="Theirs")
    team(house)
    assert share(browser_of, url, open_to="chosen", teams=[str(theirs.pk)]) == 422
    with scope(house.id):
        assert not ChannelMember.objects.exists()
        assert Channel.objects.get().open_to_all


def test_a_change_of_sight_is_told_to_open_streams(
    house: House, browser_of: Browser, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(changing, "poke_all", lambda pokes, *, workspace_id: told.extend(pokes))
    share(browser_of, url, open_to="chosen", members=[])
    assert ("access", house.channel, None) in told
