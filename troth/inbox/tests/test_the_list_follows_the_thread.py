"""The line by which a conversation stands in the list says what its last message says now, whatever came first."""

import itertools

import pytest

from tests.bodies import status
from tests.cast import House, kopi
from troth.channels.models import ChannelNotice
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.tests.arriving import NOON, echoed, edited, revoked, said, told, value
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
ORDERS = [*itertools.permutations([0, 1])]
both_ways = pytest.mark.parametrize("order", ORDERS)
in_batches = pytest.mark.parametrize("together", [True, False])


@pytest.fixture
def house() -> House:
    return kopi()


def line(house: House) -> tuple[str | None, str, int]:
    with scope(house.id):
        found = Conversation.objects.get()
        return found.preview, found.preview_kind, found.preview_status


@both_ways
@in_batches
def test_an_edit(house: House, order: tuple[int, ...], together: bool) -> None:
    parts = [said(house, "Helo", id="wamid.1"), edited(house, "wamid.1", "Hello", at=NOON + 5)]
    told(house, *[parts[n] for n in order], together=together)
    assert line(house) == ("Hello", "text", 0)


@both_ways
@in_batches
def test_an_edit_leaves_what_led_somebody_here(house: House, order: tuple[int, ...], together: bool) -> None:
    ad = {"source_type": "ad", "source_id": "17", "headline": "Cakes for Saturday", "body": "Order by Thursday"}
    parts = [
        said(house, "Helo", id="wamid.1", referral=ad),
        edited(house, "wamid.1", "Hello", at=NOON + 5),
        edited(house, "wamid.1", "Hello there", at=NOON + 9),
    ]
    told(house, *[parts[n] for n in order], parts[2], together=together)
    with scope(house.id):
        content = Message.objects.get().content or {}
    assert (content["text"], content["occasion"]["ad"]["title"]) == ("Hello there", "Cakes for Saturday")


@both_ways
@in_batches
@pytest.mark.clause("L13")
def test_a_deleted_message_stands_nowhere_any_more(house: House, order: tuple[int, ...], together: bool) -> None:
    parts = [said(house, "a secret", id="wamid.1"), revoked(house, "wamid.1", at=NOON + 5)]
    told(house, *[parts[n] for n in order], together=together)
    assert line(house) == ("", "deleted", 0)
    with scope(house.id):
        message = Message.objects.get()
        assert message.content is None
        assert message.tokens == []


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0)])
@pytest.mark.clause("L13")
def test_what_was_edited_and_then_deleted_stands_nowhere_either(
    house: House, order: tuple[int, ...], together: bool
) -> None:
    parts = [
        said(house, "a secret", id="wamid.1"),
        edited(house, "wamid.1", "a better secret", at=NOON + 5),
        revoked(house, "wamid.1", at=NOON + 9),
    ]
    told(house, *[parts[n] for n in order], together=together)
    assert line(house) == ("", "deleted", 0)
    with scope(house.id):
        message = Message.objects.get()
        assert message.content is None
        assert message.tokens == []


@both_ways
@in_batches
def test_a_tick(house: House, order: tuple[int, ...], together: bool) -> None:
    parts = [
        echoed(house, "We are!", id="wamid.E"),
        value(house, statuses=[status("read", id="wamid.E", at=NOON + 5)]),
    ]
    told(house, *[parts[n] for n in order], together=together)
    assert line(house) == ("We are!", "text", MessageStatus.READ)


def test_an_edit_of_an_older_message_leaves_the_line_alone(house: House) -> None:
    told(house, said(house, "one", id="wamid.1"), said(house, "two", id="wamid.2", at=NOON + 1))
    told(house, edited(house, "wamid.1", "uno", at=NOON + 5))
    assert line(house)[0] == "two"


def test_messages_of_one_second_stand_in_the_order_in_which_they_came(house: House) -> None:
    told(house, *[said(house, f"No. {n}", id=f"wamid.{n}") for n in range(20)], together=True)
    with scope(house.id):
        assert [m.text() for m in Message.objects.order_by("at", "id")] == [f"No. {n}" for n in range(20)]
    assert line(house)[0] == "No. 19"


def history(house: House, *messages: dict[str, object]) -> dict[str, object]:
    thread = {"id": "60123456789", "messages": list(messages)}
    chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 10}, "threads": [thread]}
    return value(house, "history", history=[chunk])


def old(id: str, **more: object) -> dict[str, object]:
    return {"from": "60123456789", "id": id, "timestamp": str(NOON), "history_context": {"status": "READ"}, **more}


@both_ways
@in_batches
def test_a_file_that_comes_after_the_history_takes_its_place(
    house: House, order: tuple[int, ...], together: bool
) -> None:
    picture = {"type": "image", "image": {"id": "1", "mime_type": "image/png", "caption": "The menu"}}
    parts = [
        history(house, old("wamid.1", type="media_placeholder")),
        value(house, "history", messages=[old("wamid.1", **picture)]),
    ]
    told(house, *[parts[n] for n in order], together=together)
    assert line(house)[:2] == ("The menu", "image")
    with scope(house.id):
        assert Message.objects.get().kind == "image"


@both_ways
@in_batches
def test_what_also_comes_live_is_unread_and_opens_the_window(
    house: House, order: tuple[int, ...], together: bool
) -> None:
    hello = {"type": "text", "text": {"body": "Hello"}}
    parts = [history(house, old("wamid.1", **hello)), said(house, "Hello", id="wamid.1")]
    told(house, *[parts[n] for n in order], together=together)
    with scope(house.id):
        found = Conversation.objects.get()
        assert found.unread == 1
        assert found.window_expires_at is not None
        assert not Message.objects.get().history


def test_history_alone_is_read_and_opens_no_window(house: House) -> None:
    told(house, history(house, old("wamid.1", type="text", text={"body": "Long ago"})))
    with scope(house.id):
        found = Conversation.objects.get()
        assert (found.unread, found.window_expires_at) == (0, None)


def test_a_history_that_is_refused_is_told_with_the_number(house: House) -> None:
    refused = {"errors": [{"code": 2593109, "title": "History sync declined"}]}
    assert told(house, value(house, "history", history=[refused])) == [[("HistoryChunk", "applied", "")]]
    with scope(house.id):
        notice = ChannelNotice.objects.get()
        assert (notice.aspect, notice.value) == ("history", "2593109")
