"""W3: the inbox and a thread with a million messages behind them: server time, questions to the database, bytes."""

import http.client
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from bench.figures import Line, Measured, Workload, at_most
from bench.stage import Failed, House, Product, Stage
from bench.times import at

AGENTS = 20
LIKE_A_BROWSER = {"Accept-Encoding": "gzip, br"}
THINK_S = 1.0  # of an agent between two requests, when many work at once


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is, and how often it is asked for."""

    messages: int
    conversations: int
    others: int
    requests: int
    together_s: float


FULL = Size(1_000_000, 200_000, 4, 300, 20)
QUICK = Size(20_000, 4_000, 1, 60, 4)

PAGES = {
    "list": "the inbox's list, first page",
    "far": "the list, far down",
    "mine": "the list, one's own conversations",
    "thread": "a long conversation, latest page",
    "older": "... the page before",
    "whole": "the whole page with a conversation open",
}


def _lines() -> tuple[Line, ...]:
    found = [Line("messages", "messages in the workspace"), Line("conversations", "conversations in it")]
    for key, what in PAGES.items():
        found += [
            Line(f"{key}_p50_ms", f"{what}: half within", "ms"),
            Line(f"{key}_p99_ms", "... 99 of 100 within", "ms", at_most(50)),
            Line(f"{key}_queries", "... statements", "", at_most(8)),
            Line(f"{key}_kb", "... bytes on the wire, for a browser that takes compression", "kB"),
        ]
    found += [
        Line("together_per_s", f"{AGENTS} agents at once, list and threads, answered", "/s"),
        Line("together_p50_ms", "... half within", "ms"),
        Line("together_p99_ms", "... 99 of 100 within", "ms", at_most(50)),
        Line("failed", "answers other than 200", "", at_most(0)),
    ]
    return tuple(found)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure everything once. The past is written before the first run and kept for the others."""
    size = QUICK if quick else FULL
    if "reading" not in stage.kept:
        stage.kept["reading"] = past(
            stage, conversations=size.conversations, messages=size.messages, others=size.others, notes=notes
        )
    environment, house, seeded = stage.kept["reading"]
    found: Measured = {"messages": seeded["messages"], "conversations": size.conversations, "failed": 0}
    with Product(stage, dict(environment)) as product:
        product.start_web()
        pages = _pages(house, seeded, random.Random(number))
        asked = {key: {"path": ways[0][0], "headers": ways[0][1]} for key, ways in pages.items()}
        counted = product.ask("bench.questions", {"cookie": house.cookies[1], "pages": asked})
        for key, ways in pages.items():
            times, failed, body = _ask_alone(product, house, ways, size.requests)
            found |= {
                f"{key}_p50_ms": at(times, 0.5),
                f"{key}_p99_ms": at(times, 0.99),
                f"{key}_queries": counted[key]["queries"],
                f"{key}_database_ms": counted[key]["database_ms"],
                f"{key}_kb": len(body) / 1000,
            }
            found["failed"] += failed
        found |= _together(product, house, [*pages["list"], *pages["thread"], *pages["mine"]], size, found)
    return found


WORKLOAD = Workload("W3", "the inbox and a thread with a million messages behind them", _lines(), run, one_stage=True)

Way = tuple[str, dict[str, str]]


def past(
    stage: Stage, *, conversations: int, messages: int, others: int, notes: list[str]
) -> tuple[dict[str, str], House, dict[str, Any]]:
    """Give one workspace a past of this size, and others a twentieth of it each; return where it all is."""
    product = Product(stage, stage.fresh())
    began = time.monotonic()
    house = product.house(agents=AGENTS)
    seeded = _fill(product, house, conversations, messages)
    for number in range(others):
        other = product.house(
            name=f"Other {number}",
            agents=0,
            number_id=f"10000000000010{number}",
            account_id=f"20000000000010{number}",
            prefix=f"other{number}",
        )
        _fill(product, other, conversations // 20, messages // 20)
    product.analyze()
    notes.append(f"the past was written in {time.monotonic() - began:.0f} s")
    return product.environment, house, seeded


def _fill(product: Product, house: House, conversations: int, messages: int) -> dict[str, Any]:
    bank = house.bank()
    name = product.environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    found: dict[str, Any] = product.ask(
        "bench.seeding",
        {
            "workspace": house.id,
            "channel": house.channel,
            "members": list(house.members.values()),
            "bank": {field: getattr(bank, field) for field in type(bank).__dataclass_fields__},
            "conversations": conversations,
            "messages": messages,
            "address": product.stage.cluster.server.superuser_address(name),
        },
    )
    return found


def _pages(house: House, seeded: dict[str, Any], chance: random.Random) -> dict[str, list[Way]]:
    """Return for each kind of page the ways in which it is asked for."""
    inbox = f"/w/{house.handle}/inbox/"
    part = {"HX-Request": "true", "HX-Target": "list"}
    pane = {"HX-Request": "true", "HX-Target": "pane"}
    rows = {"HX-Request": "true", "HX-Target": "rows"}
    long, some = list(seeded["long"]), list(seeded["some"])
    chance.shuffle(long)
    chance.shuffle(some)
    far = [f"2026-0{1 + number % 9}-1{number % 9}T00:00:00%2B00:00_{some[0]}" for number in range(50)]
    return {
        "list": [(f"{inbox}?show=all", part)],
        "far": [(f"{inbox}?show=all&after={place}", rows) for place in far],
        "mine": [(f"{inbox}?show=mine", part)],
        "thread": [(f"{inbox}{id}/", pane) for id, _ in long],
        "older": [(f"{inbox}{id}/?before={before}", {**pane, "HX-Target": "messages"}) for id, before in long],
        "whole": [(f"{inbox}{id}/", {}) for id in some[:200]],
    }


def _ask_alone(product: Product, house: House, ways: list[Way], requests: int) -> tuple[list[float], int, bytes]:
    """Ask one after the other over one connection; return sorted milliseconds, failures, and the last body."""
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=20)
    times: list[float] = []
    failed, body = 0, b""
    for number in range(requests + 10):
        path, headers = ways[number % len(ways)]
        began = time.perf_counter()
        connection.request("GET", path, headers={**headers, **LIKE_A_BROWSER, "Cookie": f"session={house.cookies[1]}"})
        answer = connection.getresponse()
        body = answer.read()
        if number >= 10:
            times.append((time.perf_counter() - began) * 1000)
        failed += answer.status != 200
    connection.close()
    return sorted(times), failed, body


def _together(product: Product, house: House, ways: list[Way], size: Size, found: Measured) -> Measured:
    """Let all agents work at once, each thinking a little between two requests."""
    times: list[float] = []
    failures: list[int] = []
    until = time.monotonic() + size.together_s

    def agent(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=20)
        while time.monotonic() < until:
            time.sleep(THINK_S * 2 * chance.random())
            path, headers = chance.choice(ways)
            began = time.perf_counter()
            mine = {"Cookie": f"session={house.cookies[1 + number]}"}
            connection.request("GET", path, headers={**headers, **LIKE_A_BROWSER, **mine})
            answer = connection.getresponse()
            answer.read()
            times.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                failures.append(answer.status)

    threads = [threading.Thread(target=agent, args=[number], daemon=True) for number in range(AGENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(size.together_s + 60)
    if not times:
        raise Failed("nobody was answered")
    times.sort()
    return {
        "together_per_s": len(times) / size.together_s,
        "together_p50_ms": at(times, 0.5),
        "together_p99_ms": at(times, 0.99),
        "failed": found["failed"] + len(failures),
    }
