"""Each way in which a call to WhatsApp can end, over real HTTP, against a sandbox that misbehaves on demand.

The last four digits of a number decide what goes wrong (sandbox/faults.py).
"""

import socket
import time

from sandbox.calls import call
from tests.crash.outgoing import Is, meter, states, statuses, taken, times_taken, wait_for
from tests.crash.pen import Pen
from tests.crash.processes import stop
from tests.live import LiveHouse, wait_until
from troth.channels.contract import UNREACHED

FINE, BUSY_TWICE, ONE_PERSON_TWICE = "60123450001", "60123452429", "60123452056"
DOWN_TWICE, WINDOW_CLOSED, NO_TOKEN = "60123455003", "60123452047", "60123450190"
PAGE, PAGE_BUT_SENT, HANGS, HANGS_BUT_SENT = "60123455000", "60123455002", "60123450409", "60123450408"
EARLY, HELD, BACKWARDS = "60123457004", "60123457008", "60123457006"
FAILS_LATER = "60123451026"
ARRIVED = (Is.DELIVERED, Is.READ)


def test_too_fast_for_the_number_is_offered_again_until_it_is_taken(house: LiveHouse, pen: Pen) -> None:
    (busy,) = pen.write((BUSY_TWICE, "Hello"))
    done = wait_for(house, busy, *ARRIVED)
    assert (done.attempts, done.code) == (3, None)
    assert times_taken(house) == {busy: 1}


def test_too_fast_for_one_person_delays_that_conversation_only(house: LiveHouse, pen: Pen) -> None:
    slow, after, other = pen.write((ONE_PERSON_TWICE, "one"), (ONE_PERSON_TWICE, "two"), (FINE, "Hello"))
    wait_for(house, other, *ARRIVED, within_s=3)
    wait_until(lambda: states(house)[slow].code == 131056)
    (later,) = pen.write((FINE, "again"))
    wait_for(house, later, *ARRIVED, within_s=3)
    assert statuses(house, [slow, after]) == [Is.QUEUED, Is.QUEUED]
    assert [body["text"]["body"] for body in taken(house)] == ["Hello", "again"]


def test_a_service_that_is_down_is_asked_again(house: LiveHouse, pen: Pen) -> None:
    (down,) = pen.write((DOWN_TWICE, "Hello"))
    assert wait_for(house, down, *ARRIVED).attempts == 3
    assert times_taken(house) == {down: 1}


def test_a_closed_window_fails_with_words_and_is_closed_here_too(house: LiveHouse, pen: Pen) -> None:
    closed, after = pen.write((WINDOW_CLOSED, "Hello"), (WINDOW_CLOSED, "Are you there?"))
    assert wait_for(house, closed, Is.FAILED).code == 131047
    wait_for(house, after, Is.FAILED)
    with house.live.database() as connection:
        ((thread, is_open),) = connection.execute(
            "SELECT id, window_expires_at > now() FROM inbox_conversation WHERE channel_id = %s", [house.channel]
        ).fetchall()
    assert not is_open
    status, page = house.page(f"inbox/{thread}/", who=next(iter(house.cookies)))
    assert status == 200
    assert "More than 24 hours have passed since this person last wrote" in page


def test_a_dead_token_stops_the_number_keeps_its_queue_and_a_new_one_sends_it(house: LiveHouse, pen: Pen) -> None:
    token(house, valid=False)
    ids = pen.write((FINE, "one"), (FINE, "two"), ("60123450002", "three"))
    wait_until(lambda: channel(house)[0] in (0, 190))
    wait_until(lambda: set(statuses(house, ids)) == {Is.QUEUED})
    asked = meter(house)["asked"]
    (later,) = pen.write(("60123450003", "four"))
    time.sleep(0.5)
    assert states(house)[later].status == Is.QUEUED
    assert meter(house)["asked"] == asked
    enter_token(house, token(house, new=True))
    for id in (*ids, later):
        wait_for(house, id, *ARRIVED)
    assert times_taken(house) == dict.fromkeys((*ids, later), 1)
    wait_until(lambda: channel(house) == (None, False))


def test_one_message_that_stops_the_number_again_and_again_fails_alone(house: LiveHouse, pen: Pen) -> None:
    (bad,) = pen.write((NO_TOKEN, "bad"))
    good: list[str] = []
    while states(house)[bad].status != Is.FAILED and len(good) < 3:
        wait_until(lambda: channel(house)[1])
        good += pen.write((FINE, f"good {len(good)}"))
        resume(house)
        wait_for(house, good[-1], *ARRIVED)
        wait_until(lambda: channel(house)[1] or states(house)[bad].status == Is.FAILED)
    assert states(house)[bad].code == 190
    wait_until(lambda: channel(house) == (None, False))


def test_a_proxys_page_leaves_it_open_and_news_settles_it(house: LiveHouse, pen: Pen) -> None:
    lost, came = pen.write((PAGE, "lost"), (PAGE_BUT_SENT, "came"))
    wait_for(house, came, *ARRIVED)
    assert wait_for(house, lost, Is.UNCERTAIN).attempts == 1
    assert times_taken(house) == {came: 1}


def test_a_call_that_hangs_is_uncertain_until_news_comes_and_is_not_made_again(house: LiveHouse, pen: Pen) -> None:
    house.live.sandbox.set_behaviour(house.account_id, sent_ms=(4000, 4000))
    (hangs,) = pen.write((HANGS_BUT_SENT, "Hello"))
    wait_for(house, hangs, Is.UNCERTAIN)
    wait_for(house, hangs, *ARRIVED)
    assert times_taken(house) == {hangs: 1}


def test_a_call_that_hangs_for_good_waits_for_a_person(house: LiveHouse, pen: Pen) -> None:
    again, came, after = pen.write((HANGS, "again"), ("60128880409", "came"), (HANGS, "after"))
    for id in (again, came, after):
        assert wait_for(house, id, Is.UNCERTAIN).attempts == 1
    house.live.sandbox.set_faults(by_recipient=False)
    try:
        pen.offer_again(again)
        pen.settle(came, arrived=True)
        wait_for(house, again, *ARRIVED)
    finally:
        house.live.sandbox.set_faults()
    assert statuses(house, [came, after]) == [Is.SENT, Is.UNCERTAIN]
    assert times_taken(house) == {again: 1}


def test_what_failed_after_it_was_taken_can_be_sent_again_and_its_ticks_follow(house: LiveHouse, pen: Pen) -> None:
    (bad,) = pen.write((FAILS_LATER, "Hello"))
    assert wait_for(house, bad, Is.FAILED).code == 131026
    house.live.sandbox.set_faults(by_recipient=False)
    try:
        pen.offer_again(bad)
        assert wait_for(house, bad, Is.READ).code is None
    finally:
        house.live.sandbox.set_faults()
    assert times_taken(house) == {bad: 2}


def test_news_that_comes_before_the_answer_or_backwards_ends_the_same(house: LiveHouse, pen: Pen) -> None:
    early, backwards = pen.write((EARLY, "early"), (BACKWARDS, "backwards"))
    wait_for(house, early, Is.READ)
    wait_for(house, backwards, Is.READ)
    assert times_taken(house) == {early: 1, backwards: 1}


def test_a_person_without_a_number_is_written_to_by_id(house: LiveHouse, pen: Pen) -> None:
    (by_id,) = pen.write(("US.13491208655302741918", "Hello"))
    wait_for(house, by_id, Is.READ)
    (body,) = taken(house)
    assert body["recipient"] == "US.13491208655302741918"
    assert "to" not in body


def test_an_answer_quotes_what_it_answers(house: LiveHouse, pen: Pen) -> None:
    made = house.live.sandbox.say("Is it open?", to=house.number_id, from_="+60123450007", name="Mei Ling")
    question = wait_until(lambda: incoming(house))
    pen.write(("60123450007", "Until nine"), quoted=question)
    (body,) = wait_until(lambda: taken(house))
    assert body["context"] == {"message_id": made["id"]}


def test_a_template_held_for_quality_is_shown_as_held(house: LiveHouse, pen: Pen) -> None:
    template(house, "opening_hours")
    house.live.sandbox.set_behaviour(house.account_id, sent_ms=(3000, 3000))
    (held,) = pen.write((HELD, ""), template="opening_hours")
    assert wait_for(house, held, Is.SENT).held


def test_what_never_left_is_offered_again_and_never_called_uncertain(house: LiveHouse, pen: Pen) -> None:
    real = house.live.environment["GRAPH_BASE_URL"]
    stop(house.live, "worker")
    house.live.environment["GRAPH_BASE_URL"] = f"http://127.0.0.1:{closed_port()}"
    house.live.start("worker")
    (waits,) = pen.write((FINE, "Hello"))
    wait_until(lambda: states(house)[waits].code == UNREACHED)
    assert states(house)[waits].status in (Is.QUEUED, Is.SENDING)
    stop(house.live, "worker")
    assert states(house)[waits].status == Is.QUEUED
    house.live.environment["GRAPH_BASE_URL"] = real
    house.live.start("worker")
    wait_for(house, waits, *ARRIVED)
    assert times_taken(house) == {waits: 1}


def token(house: LiveHouse, **wishes: object) -> str:
    """Change the token at the sandbox; return the new one where one is made."""
    answer = house.live.sandbox.control("POST", "/tokens", {"waba_id": house.account_id, **wishes})
    return str(answer.get("token", ""))


def enter_token(house: LiveHouse, value: str) -> None:
    """Do what the page of the channel does with a new token."""
    house.live.run(
        "import json\n"
        "from troth.channels.changing import replace_token\n"
        "from troth.channels.models import Channel\n"
        "from troth.workspaces.scope import scope\n"
        f"with scope(__import__('uuid').UUID({house.id!r})):\n"
        f"    channel = Channel.objects.get(id={house.channel!r})\n"
        f"    replace_token(channel, token={value!r})\n"
        "    Channel.objects.filter(id=channel.id).update(problem_code=None, paused_until=None)\n"
        "print(json.dumps(None))\n"
    )


def channel(house: LiveHouse) -> tuple[int | None, bool]:
    """Return the number's problem and whether it rests."""
    with house.live.database() as connection:
        row = connection.execute(
            "SELECT problem_code, coalesce(paused_until > now(), false) FROM channels_channel WHERE id = %s",
            [house.channel],
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def resume(house: LiveHouse) -> None:
    """Let the number's rest be over."""
    with house.live.database() as connection:
        connection.execute("UPDATE channels_channel SET paused_until = now() WHERE id = %s", [house.channel])


def incoming(house: LiveHouse) -> str:
    """Return the id of the newest message that came in, or nothing."""
    with house.live.database() as connection:
        row = connection.execute(
            "SELECT id FROM inbox_message WHERE channel_id = %s AND direction = 'in' ORDER BY id DESC LIMIT 1",
            [house.channel],
        ).fetchone()
    return str(row[0]) if row else ""


def template(house: LiveHouse, name: str) -> None:
    """Have a template approved."""
    body = {"name": name, "language": "en_US", "category": "UTILITY"}
    body |= {"components": [{"type": "BODY", "text": "We are open until nine."}]}  # type: ignore[dict-item]
    sandbox = house.live.sandbox
    status, said = call(
        "POST", f"{sandbox.url}/v26.0/{house.account_id}/message_templates", token=owner_token(house), body=body
    )
    assert status == 200, said
    wait_until(lambda: approved(house, name))


def approved(house: LiveHouse, name: str) -> bool:
    url = f"{house.live.sandbox.url}/v26.0/{house.account_id}/message_templates?name={name}"
    _, said = call("GET", url, token=owner_token(house))
    return any(one["status"] == "APPROVED" for one in said["data"])


def owner_token(house: LiveHouse) -> str:
    accounts = house.live.sandbox.control("GET", "/state")["accounts"]
    return str(next(one["token"] for one in accounts if one["waba_id"] == house.account_id))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
