"""All bodies that others wrote, twice, in order and shuffled, through the real door: the books balance, nothing is doubled."""

import random
from collections.abc import Callable

from tests.door.books import closed_books
from tests.door.portable import Portable, portable_picture
from tests.door.postman import OK, Postman
from tests.door.samples import bodies_for, needs_payloads, tells_when, with_own_ids
from tests.live import LiveHouse

pytestmark = needs_payloads

# What cannot be compared, and why.
LEFT_OUT = {
    "facebook_openapi/messages.text__Text-Message-from-Click-to-WhatsApp-Ad": (
        "written from a number whose holder had left it two hours before: whose it is depends on what we know by then"
    ),
    "pywa/messages.interactive-call_permission_reply__call_permission_update-reject": (
        "said in the same second as another: the first to come stands first"
    ),
    "pywa/messages.reaction__message-unreaction_empty": "of the same second as the reaction, and each house has its own lot",
    "pywa/messages.reaction__message-unreaction_no_emoji": "of the same second as the reaction",
}


def may_end_access(body: bytes) -> bool:
    """Return whether Meta may end its access with this: all that comes after it is for nobody. That has tests of its own."""
    return b'"account_update"' in body


def shuffled(bodies: list[bytes], *, seed: int) -> list[bytes]:
    return random.Random(seed).sample(bodies, len(bodies))


def delivered(house: LiveHouse, bodies: list[bytes], *, times: int = 2) -> None:
    """Deliver each body so many times in a row."""
    postman = Postman(house)
    try:
        for body in bodies:
            assert [postman.post(body) for _ in range(times)] == [OK] * times
    finally:
        postman.close()


def test_all_bodies_twice_leave_the_books_balanced_and_nothing_doubled(house: LiveHouse) -> None:
    bodies = [body for body in bodies_for(house).values() if not may_end_access(body)]
    delivered(house, bodies)
    first = closed_books(house)
    assert first.trouble() == []
    assert first.deliveries == len(bodies)
    assert first.came > len(bodies)
    # As Meta repeats things: the same said in another body, here with a space behind it, and in another order.
    for number in (1, 2):
        delivered(house, [body + b" " * number for body in shuffled(bodies, seed=number)])
    again = closed_books(house)
    assert again.trouble() == []
    assert (again.deliveries, again.came) == (3 * first.deliveries, 3 * first.came)
    assert again.gaps == 3 * first.gaps  # counted each time that they come, and in the list once
    with house.live.database() as connection:
        row = connection.execute("SELECT count(*) FROM inbox_gap WHERE channel_id = %s", [house.channel]).fetchone()
    assert row == (first.gaps,)


def test_in_whichever_order_they_come_we_end_up_knowing_the_same(a_house: Callable[[], LiveHouse]) -> None:
    pictures: list[Portable] = []
    for seed in (None, 1, 2):
        house = a_house()
        named = with_own_ids(bodies_for(house))
        assert named.keys() >= LEFT_OUT.keys()
        bodies = [
            body
            for name, body in named.items()
            if name not in LEFT_OUT and tells_when(body) and not may_end_access(body)
        ]
        delivered(house, bodies if seed is None else shuffled(bodies, seed=seed))
        assert closed_books(house).trouble() == []
        # A status may tell more of a person who has become known since.
        delivered(house, [body + b" " for body in bodies])
        assert closed_books(house).trouble() == []
        pictures.append(portable_picture(house))
    first, *others = pictures
    assert len(first["messages"]) > 50
    for other in others:
        for part in first:
            assert other[part] == first[part], part
