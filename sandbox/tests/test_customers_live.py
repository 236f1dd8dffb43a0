"""The cast: an opening when a number is connected, answers to agents, and a trickle that knows when to stop."""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from sandbox.customers import media_made
from sandbox.customers.cast import CAST, LEADS, NEW_TOPICS, NUDGES, SMALL_TALK
from sandbox.customers.director import UNANSWERED_MAX, Director
from sandbox.tests.conftest import Bench


class Clockwork:
    """Time that passes only when told to."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._order = count()
        self._due: list[tuple[float, int, Callable[..., object], tuple[object, ...]]] = []
        self._elapsed = 0.0
        bench.world.later = self.later  # type: ignore[method-assign]  # the one seam through which all pauses go

    def later(self, pause_s: float, action: Callable[..., object], *arguments: object) -> None:
        heapq.heappush(self._due, (self._elapsed + pause_s, next(self._order), action, arguments))

    async def run(self, seconds: float) -> None:
        until = self._elapsed + seconds
        while self._due and self._due[0][0] <= until:
            at, _number, action, arguments = heapq.heappop(self._due)
            self._bench.time += at - self._elapsed
            self._elapsed = at
            action(*arguments)
        self._bench.time += until - self._elapsed
        self._elapsed = until
        await self._bench.settle()


@pytest.fixture
def clockwork(bench: Bench) -> Clockwork:
    bench.behave(customers=True, replies=True, typing_ms=(2000, 2000))
    made = Clockwork(bench)
    Director(bench.world).attend()
    return made


async def test_a_newcomers_first_minutes_are_a_living_inbox(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(10)
    early = {value["contacts"][0]["user_id"] for value in bench.changes() if "contacts" in value}
    assert len(early) >= 18
    await clockwork.run(90)
    people = {value["contacts"][0]["user_id"] for value in bench.changes() if "contacts" in value}
    assert len(people) == len(CAST) == 25


async def test_the_opening_has_every_kind_of_message(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    kinds = {message["type"] for message in bench.messages()}
    assert {"text", "image", "audio", "contacts", "sticker", "unsupported", "edit", "revoke"} <= kinds
    assert any("referral" in message for message in bench.messages())


async def test_what_was_written_before_carries_its_own_time(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(10)
    ages = [bench.time - int(message["timestamp"]) for message in bench.messages()]
    assert max(ages) > 18 * 3600
    assert min(ages) >= 0
    assert max(ages) < 24 * 3600


async def test_some_are_known_by_user_id_only_and_one_has_a_username(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    hidden = [
        value["contacts"][0] for value in bench.changes() if "wa_id" not in value.get("contacts", [{"wa_id": 1}])[0]
    ]
    assert {contact["profile"].get("username") for contact in hidden} == {None, "noor.blooms"}


async def test_several_languages_are_spoken(bench: Bench, clockwork: Clockwork) -> None:
    languages = {role.language for role in CAST}
    assert languages == {"en", "ms", "es", "pt", "ar"} == set(SMALL_TALK) == set(NUDGES) == set(NEW_TOPICS)


async def test_the_same_seed_plays_the_same_opening() -> None:
    played = []
    for _turn in range(2):
        bench = Bench()
        bench.behave(customers=True)
        clockwork = Clockwork(bench)
        Director(bench.world).attend()
        await clockwork.run(100)
        played.append([message["id"] for message in bench.messages()])
        bench.world.close()
    assert played[0] == played[1]
    assert len(played[0]) > 40


async def answer(
    bench: Bench, clockwork: Clockwork, phone: str, body: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Let an agent write and return what the customer then sends."""
    before = len(bench.messages())
    sent = await bench.send({"to": f"+{phone}", **(body or {"type": "text", "text": {"body": "Hello"}})})
    assert sent.status == 200
    await clockwork.run(15)
    return [
        item for item in bench.messages()[before:] if phone in {item.get("from"), item.get("system", {}).get("wa_id")}
    ]


async def test_a_customer_answers_in_the_order_of_the_story(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    role = next(role for role in LEADS if role.id == "joao")
    assert role.phone
    for line in role.answers:
        replies = await answer(bench, clockwork, role.phone)
        assert line.text in [reply["text"]["body"] for reply in replies]
    afterwards = [await answer(bench, clockwork, role.phone) for _turn in range(4)]
    spoken = [reply["text"]["body"] for replies in afterwards for reply in replies]
    assert set(spoken) <= {*SMALL_TALK["pt"], *NEW_TOPICS["pt"], *NUDGES["pt"]}


async def test_one_changes_her_number_and_goes_on(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    await answer(bench, clockwork, "6585550163")
    await answer(bench, clockwork, "6585550163")
    await clockwork.run(15)
    systems = [message for message in bench.messages() if message["type"] == "system"]
    assert [system["system"]["wa_id"] for system in systems] == ["6585550937"]
    after = [message for message in bench.messages() if message.get("from") == "6585550937"]
    assert after[0]["text"]["body"].startswith("Hi, it's Mei Ling")


@pytest.mark.parametrize(
    ("body", "kind", "reply"),
    [
        (
            {
                "type": "button",
                "action": {"buttons": [{"type": "reply", "reply": {"id": "one", "title": "One"}}]},
            },
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "one", "title": "One"}},
        ),
        (
            {"type": "list", "action": {"button": "Pick", "sections": [{"rows": [{"id": "r", "title": "Row"}]}]}},
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "r", "title": "Row"}},
        ),
        ({"type": "location_request_message", "action": {"name": "send_location"}}, "location", None),
        ({"type": "request_contact_info", "action": {"name": "request_contact_info"}}, "contacts", None),
    ],
)
async def test_forms_are_answered_by_a_tap(
    bench: Bench, clockwork: Clockwork, body: dict[str, Any], kind: str, reply: dict[str, Any] | None
) -> None:
    await clockwork.run(100)
    form = {"type": "interactive", "interactive": {"body": {"text": "?"}, **body}}
    [got] = [item for item in await answer(bench, clockwork, "60125550715", form) if item["type"] == kind]
    if reply:
        assert got["interactive"] == reply
        assert got["context"]["from"] == "442079460000"
    if kind == "contacts":
        assert got["contacts"][0]["origin"] == "contact_request"


async def test_nobody_writes_on_and_on_without_an_answer(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    opening = len(bench.messages())
    await clockwork.run(3600)
    first_hour = len(bench.messages()) - opening
    await clockwork.run(3600 * 5)
    assert 10 < first_hour <= len(CAST) * UNANSWERED_MAX
    assert len(bench.messages()) - opening <= len(CAST) * UNANSWERED_MAX


async def test_one_played_by_a_person_does_not_answer_by_itself(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    await bench.control("POST", "/say", {"known": "60125550715", "text": "I am real", "playing": True, "to": "400"})
    await bench.settle()
    assert await answer(bench, clockwork, "60125550715") == []


async def test_customers_can_be_switched_off(bench: Bench) -> None:
    clockwork = Clockwork(bench)
    Director(bench.world).attend()
    await clockwork.run(500)
    assert bench.messages() == []
    await bench.control("POST", "/start", {"to": "400"})
    await clockwork.run(100)
    assert len(bench.messages()) > 40


async def test_a_second_number_is_quiet_until_it_is_used(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    assert {value["metadata"]["phone_number_id"] for value in bench.changes()} == {"400"}
    await bench.call("GET", "/v26.0/401")
    await clockwork.run(100)
    assert {value["metadata"]["phone_number_id"] for value in bench.changes()} == {"400", "401"}


async def test_an_opening_is_played_once_for_a_callback(bench: Bench, clockwork: Clockwork) -> None:
    await clockwork.run(100)
    opened_for, before = bench.number.opened_for, len(bench.messages())
    Director(bench.world).attend()
    await clockwork.run(15)
    assert opened_for == "http://127.0.0.1:9/hooks/300"
    assert len(bench.messages()) - before < 5


def test_files_are_what_they_say() -> None:
    assert media_made.picture(1).startswith(b"\x89PNG\r\n\x1a\n")
    assert media_made.picture(1) != media_made.picture(2)
    voice = media_made.voice(2)
    assert voice.count(b"OggS") == 4
    assert b"OpusHead" in voice
    assert media_made.paper("Plan").startswith(b"%PDF-1.4")
    assert media_made.STICKER[:4] == b"RIFF"
    assert media_made.STICKER[8:12] == b"WEBP"
