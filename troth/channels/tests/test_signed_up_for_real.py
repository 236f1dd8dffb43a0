"""The whole round by Meta's page: the running product, its own app's door, the stand-in for Meta and its phone app."""

import http.client
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.live import OWN_APP_ID, Live, LiveHouse, wait_until, with_own_app
from troth.channels.connecting import STEPS
from troth.channels.tests.test_connected_for_real import states

pytestmark = pytest.mark.slow

MEI, ANN = "60123456789", "447700900123"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """The product of an operator who has an app of their own: that of the sandbox's demo."""
    with with_own_app(Live("signup")) as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi signs up")


def redirected(url: str, cookie: str = "") -> str:
    """Follow one step of a browser and return where it is sent."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 302, (answer.status, said[:300])
        return str(answer.headers["Location"])
    finally:
        connection.close()


def signed_up(house: LiveHouse, account: dict[str, Any], way: str = "signup") -> str:
    """Go to Meta's page and back, ask every step, and return the channel's id."""
    live, cookie = house.live, f"session={house.cookies['Alice']}"
    there = redirected(f"{live.url}/w/{house.handle}/channels/signup/{way}/", cookie)
    words = [(name, values[0]) for name, values in parse_qs(urlsplit(there).query).items()]
    query = urlencode([*words, ("account", account["waba_id"]), ("end", "finish")])
    back = redirected(f"{there.partition('?')[0]}/done?{query}")
    place = redirected(back, cookie)
    found = re.search(r"/channels/([0-9a-f-]{36})/connect/", place)
    assert found is not None, place
    for step in STEPS:
        assert house.post(f"channels/{found[1]}/checks/{step}/", {}, who="Alice")[0] == 200
    return found[1]


def test_a_number_comes_by_metas_page_and_its_app_tells_at_one_door(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Batik by Meta", app_id=OWN_APP_ID)
    channel = signed_up(house, account)
    found = states(house, channel)
    assert {found[step] for step in STEPS} == {"ok"}
    live.sandbox.say("By Meta's page", to=account["numbers"][0]["phone_number_id"], from_=ANN)
    wait_until(lambda: "By Meta&#x27;s page" in house.page("inbox/", who="Alice")[1])
    # News of the account follow no account's address: they come to the app's own.
    number = account["numbers"][0]["phone_number_id"]
    live.sandbox.emit("account_update", {"event": "ACCOUNT_DELETED"}, to=number, at=int(time.time()))
    wait_until(lambda: "Disconnected by Meta" in house.page(f"channels/{channel}/", who="Alice")[1])
    assert signed_up(house, account) == channel
    assert {states(house, channel)[step] for step in STEPS} == {"ok"}
    assert "By Meta&#x27;s page" in house.page("inbox/", who="Alice")[1]


def test_a_secret_that_is_replaced_opens_the_apps_door_no_more_than_it_should(live: Live) -> None:
    assert live.ask("POST", "/hooks/cloud/app", body=b"{}")[0] == 401
    assert live.get("/hooks/cloud/app?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guessed")[0] == 403


def test_a_phone_app_is_kept_hands_over_and_is_heard(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Phone shop", app_id=OWN_APP_ID)
    number, at = account["numbers"][0]["phone_number_id"], int(time.time())
    history = [[MEI, False, "An old question", at - 50 * 86_400], [MEI, True, "An old answer", at - 49 * 86_400]]
    history += [[ANN, False, "Yesterday's", at - 3_600]]
    live.sandbox.control(
        "POST", "/phone", {"to": number, "contacts": [[MEI, "Mei Ling"], [ANN, "Ann Lee"]], "history": history}
    )
    channel = signed_up(house, account, way="phone")
    page = f"channels/{channel}/"

    def shown(words: str) -> bool:
        return words in house.page(page, who="Alice")[1]

    wait_until(lambda: shown("3 old messages came."))
    wait_until(lambda: shown("2 contacts came."))
    assert shown("Complete")
    with live.database() as database:
        rows = database.execute(
            "SELECT c.unread, c.window_expires_at, m.direction, m.history FROM inbox_message m"
            " JOIN inbox_conversation c ON c.id = m.conversation_id WHERE m.channel_id = %s",
            [channel],
        ).fetchall()
    assert sorted(rows, key=str) == [(0, None, "echo", True), (0, None, "in", True), (0, None, "in", True)]
    said = live.sandbox.control("POST", "/phone/say", {"to_number": number, "from": MEI, "text": "From my phone"})
    wait_until(lambda: "From my phone" in house.page("inbox/", who="Alice")[1])
    live.sandbox.control(
        "POST", "/phone/say", {"to_number": number, "from": MEI, "text": "Put right", "edit": said["id"]}
    )
    wait_until(lambda: "Put right" in house.page("inbox/", who="Alice")[1])
    live.sandbox.control("POST", "/phone/say", {"to_number": number, "from": MEI, "revoke": said["id"]})
    wait_until(lambda: "Put right" not in house.page("inbox/", who="Alice")[1])
    assert live.sandbox.sent(number) == []
    live.sandbox.control("POST", "/phone/leave", {"to": number})
    wait_until(lambda: shown("Disconnected by Meta"))
    assert signed_up(house, account, way="phone") == channel
    wait_until(lambda: shown("Complete"))


def test_a_history_that_is_not_shared_is_said_to_be_so(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Keeps to itself", app_id=OWN_APP_ID)
    number = account["numbers"][0]["phone_number_id"]
    live.sandbox.control("POST", "/phone", {"to": number, "declines": True})
    channel = signed_up(house, account, way="phone")
    wait_until(lambda: "Not shared" in house.page(f"channels/{channel}/", who="Alice")[1])
