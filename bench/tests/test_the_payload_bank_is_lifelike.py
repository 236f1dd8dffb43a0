from dataclasses import replace

from bench.bank import PEOPLE, Bank
from troth.channels.cloud.signature import verify
from troth.channels.cloud.wire import parse
from troth.channels.contract import MessageReceived

BANK = Bank("200000000000001", "100000000000001", "a secret", run=1, base_s=1_790_000_000)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert [BANK.body(index) for index in range(50)] == [replace(BANK).body(index) for index in range(50)]
    assert BANK.text(7) != replace(BANK, seed=23).text(7)


def test_no_two_messages_share_an_id_within_a_run_or_across_runs() -> None:
    ids = [bank.wamid(index) for bank in (BANK, replace(BANK, run=2)) for index in range(5_000)]
    assert len(set(ids)) == len(ids)


def test_anybody_of_ten_thousand_people_may_have_written() -> None:
    people = {BANK.person_of(index) for index in range(60_000)}
    assert len(people) > 0.99 * PEOPLE
    assert max(people) < PEOPLE


def test_the_product_takes_a_request_for_what_it_is() -> None:
    head, _, body = BANK.request(BANK.body(3), path="/hooks/cloud/x").partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert int(headers["Content-Length"]) == len(body)
    assert verify(headers={k.lower(): v for k, v in headers.items()}, body=body, secrets=[b"a secret"]) == 0
    [event] = parse(body)
    assert isinstance(event, MessageReceived)
    assert event.external_id == BANK.wamid(3)
    assert event.content.text == BANK.text(3)
    assert event.number_id == BANK.number_id


def test_many_people_fit_into_one_webhook() -> None:
    events = parse(BANK.first_words(range(100), first_index=0))
    assert len({event.external_id for event in events}) == 100
