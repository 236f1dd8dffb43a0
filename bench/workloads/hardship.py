"""W1c: what must not be lost or doubled: everything killed in the middle, ids sent again, many in one, wrong order, forged."""

import time
from dataclasses import dataclass
from typing import Any

from bench.bank import Bank
from bench.calls import Caller
from bench.figures import Line, Measured, Workload, at_least, exactly
from bench.load import Orders
from bench.stage import House, Load, Product, Stage, wait_until
from bench.workloads.ingest import prepare, question

PER_S = 800
CONNECTIONS = 32
ECHOES = 50
FORGED = 20
STATUS_READ = 70
STATUSES = ("read", "delivered", "sent")

LINES = (
    Line("acknowledged", f"killed under {PER_S}/s: acknowledged in all", "messages", at_least(1_000)),
    Line("lost", "... of these lost", "messages", exactly(0)),
    Line("duplicated", "... there twice", "messages", exactly(0)),
    Line("web_back_s", "... web answering again after kill -9", "s"),
    Line("database_back_s", "... PostgreSQL back after kill -9", "s"),
    Line("drain_s", "... all worked in after the load stopped", "s"),
    Line("again_sent", "each id three times (twice the same bytes, once others): sent", "webhooks"),
    Line("again_extra", "... rows too many or too few", "messages", exactly(0)),
    Line("many_missing", "one POST of 100 messages: missing", "messages", exactly(0)),
    Line(
        "early_wrong",
        f"{ECHOES} messages whose statuses came first, backwards: not read at the end",
        "messages",
        exactly(0),
    ),
    Line("forged_taken", f"{FORGED} badly signed: not refused with 401", "webhooks", exactly(0)),
    Line("forged_stored", "... stored", "webhooks", exactly(0)),
)


@dataclass(frozen=True, slots=True)
class Length:
    seconds: float
    ids: int


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Do all of it once."""
    spent = Length(9, 200) if quick else Length(24, 1_000)
    with Product(stage, stage.fresh()) as product:
        house = prepare(product)
        found = _killed(stage, product, house, spent)
        found |= _again(product, house, spent.ids)
        found |= _many(product, house)
        found |= _early(product, house)
        found |= _forged(product, house)
    return found


WORKLOAD = Workload("W1c", "webhooks in hardship: nothing lost, nothing doubled", LINES, run)


def _killed(stage: Stage, product: Product, house: House, spent: Length) -> Measured:
    orders = Orders(
        bank=house.bank(run=1),
        port=product.port,
        path=house.hook,
        connections=CONNECTIONS,
        seconds=spent.seconds,
        first=0,
        most=int(spent.seconds * PER_S),
        per_second=PER_S,
        acknowledged=str(stage.scratch / "acknowledged-killed"),
    )
    load = Load(orders)
    load.go()
    pause_s = spent.seconds / 5
    time.sleep(pause_s)
    product.kill("web")
    began = time.monotonic()
    product.start_web()
    web_back_s = time.monotonic() - began
    time.sleep(pause_s / 2)
    product.kill("worker")
    product.start_worker()
    time.sleep(pause_s)
    stage.cluster.server.kill()
    began = time.monotonic()
    stage.cluster.server.start()
    database_back_s = time.monotonic() - began
    load.result()
    drain_s = wait_until(lambda: not product.waiting(), within_s=120, what="working in")
    account = product.ask("bench.account", question(house, orders))
    return {
        "acknowledged": account["acknowledged"],
        "lost": account["lost"],
        "duplicated": account["duplicated"],
        "web_back_s": web_back_s,
        "database_back_s": database_back_s,
        "drain_s": drain_s,
    }


def _again(product: Product, house: House, ids: int) -> Measured:
    """Send each message as it is, again, and once more in other bytes; the last of them in another order."""
    bank = house.bank(run=2)
    before = _messages(product, house)
    sent = 0
    with Caller(product.port) as door:
        for index in range(ids):
            body = bank.body(index)
            for same in (body, body):
                sent += door.post(bank.request(same, path=house.hook)) == 200
        for index in reversed(range(ids)):
            other = bank.body(index).replace(b'"field":"messages"', b'"field": "messages"')
            sent += door.post(bank.request(other, path=house.hook)) == 200
    _worked_in(product)
    return {"again_sent": sent, "again_extra": abs(_messages(product, house) - before - ids)}


def _many(product: Product, house: House) -> Measured:
    bank = house.bank(run=3)
    before = _messages(product, house)
    with Caller(product.port) as door:
        assert door.post(bank.request(bank.first_words(range(100), first_index=0), path=house.hook)) == 200
    _worked_in(product)
    return {"many_missing": before + 100 - _messages(product, house)}


def _early(product: Product, house: House) -> Measured:
    """Report messages written in the phone app as read, delivered and sent before telling of them."""
    bank = house.bank(run=4)
    with Caller(product.port) as door:
        for index in range(ECHOES):
            for place, word in enumerate(STATUSES):
                status = {
                    "id": bank.wamid(index),
                    "status": word,
                    "timestamp": str(bank.base_s + 10 - place),
                    "recipient_id": bank.phone(index),
                }
                assert door.post(bank.request(bank.encode({"statuses": [status]}), path=house.hook)) == 200
        _worked_in(product)
        for index in range(ECHOES):
            assert door.post(bank.request(_echo(bank, index), path=house.hook)) == 200
    _worked_in(product)
    echoes = f"workspace_id = '{house.id}' AND direction = 'echo'"
    right = product.count(f"SELECT count(*) FROM inbox_message WHERE {echoes} AND status = {STATUS_READ}")
    return {"early_wrong": ECHOES - right}


def _echo(bank: Bank, index: int) -> bytes:
    message: dict[str, Any] = {
        "from": "60312345678",
        "to": bank.phone(index),
        "id": bank.wamid(index),
        "timestamp": str(bank.base_s),
        "type": "text",
        "text": {"body": bank.text(index)},
    }
    return bank.encode({"message_echoes": [message]}).replace(b'"field":"messages"', b'"field":"smb_message_echoes"')


def _forged(product: Product, house: House) -> Measured:
    bank = house.bank(run=5)
    forger = Bank(bank.account_id, bank.number_id, "another secret", run=5, base_s=bank.base_s)
    before = product.count("SELECT count(*) FROM ingest_delivery")
    refused = 0
    with Caller(product.port) as door:
        for index in range(FORGED):
            refused += door.post(forger.request(forger.body(index), path=house.hook)) == 401
    return {
        "forged_taken": FORGED - refused,
        "forged_stored": product.count("SELECT count(*) FROM ingest_delivery") - before,
    }


def _messages(product: Product, house: House) -> int:
    return product.count(f"SELECT count(*) FROM inbox_message WHERE workspace_id = '{house.id}'")


def _worked_in(product: Product) -> None:
    wait_until(lambda: not product.waiting(), within_s=60, what="working in")
