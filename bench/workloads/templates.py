"""W2b: templates out, against plain texts in the same run: what it costs to say something with values filled in.

The number is faster than the product, so that the product is what is measured; statuses come long after. Text and
template take turns, on one number and to the same people.
"""

import time
from typing import Any

from bench import template
from bench.figures import Line, Measured, Workload, at_least, at_most, exactly
from bench.meta import connected_house, product_with_meta
from bench.stage import Failed, House, Product, Stage, wait_until
from bench.workloads.ingest import let_write
from sandbox.calls import call
from sandbox.testing import RunningSandbox

COUNT, QUICK_COUNT = 5_000, 800
TURNS = ("text", "template", "text", "template")
NO_LIMIT_PER_S = 5_000
LATENCY_MS = 20
LATER_MS = 3_600_000
LOOK_EVERY_S = 0.05
FAILED = 50  # of the product's statuses

LINES = (
    Line("text_per_s", "plain texts sent", "/s"),
    Line("template_per_s", "templates with five values sent", "/s"),
    Line("rate", "... templates against texts", "", at_least(0.8)),
    Line("text_ms", "worker's processor time a text", "ms"),
    Line("template_ms", "worker's processor time a template", "ms"),
    Line("cost", "... a template against a text", "", at_most(1.25)),
    Line("twice", "sent twice", "messages", exactly(0)),
    Line("failed", "failed or refused", "messages", exactly(0)),
)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure both, each twice."""
    count = QUICK_COUNT if quick else COUNT
    with product_with_meta(stage) as (product, sandbox):
        house = connected_house(
            product, sandbox, per_second=NO_LIMIT_PER_S, pair_limit=False, keep_sent=10,
            sent_ms=(LATER_MS, LATER_MS), delivered_ms=(LATER_MS, LATER_MS), read_ms=(LATER_MS, LATER_MS),
        )  # fmt: skip
        product.start_worker()
        let_write(product, house, people=count + 1)
        _approve(sandbox, house)
        sandbox.set_faults(latency_ms=(LATENCY_MS, LATENCY_MS), by_recipient=False)
        sandbox.reset_meters()
        took = {"text": 0.0, "template": 0.0}
        used = dict(took)
        for place, kind in enumerate(TURNS):
            seconds, processor_s = _campaign(product, sandbox, house, kind, count=count, already=place * count)
            took[kind] += seconds
            used[kind] += processor_s
        meter = sandbox.meters()["numbers"][house.number_id]
        failed = _failed(product, house)
    sent = count * len(TURNS) / 2
    notes.append(
        f"{count:,} texts and {count:,} templates in turns, each twice; Meta's stand-in answers after {LATENCY_MS} ms"
    )
    return {
        "text_per_s": sent / took["text"],
        "template_per_s": sent / took["template"],
        "rate": took["text"] / took["template"],
        "text_ms": 1_000 * used["text"] / sent,
        "template_ms": 1_000 * used["template"] / sent,
        "cost": used["template"] / used["text"],
        "twice": meter["repeated"],
        "failed": failed + sum(count for code, count in meter["refused"].items() if code != "0"),
    }


WORKLOAD = Workload("W2b", "templates out, against plain texts", LINES, run)


def _campaign(
    product: Product, sandbox: RunningSandbox, house: House, kind: str, *, count: int, already: int
) -> tuple[float, float]:
    """Send one, and return the seconds from the first to the last, and those of a processor that the worker used."""
    used = product.cpu_s()["worker"]
    wishes: dict[str, Any] = {"workspace": house.id, "channel": house.channel, "count": count}
    product.ask("bench.outgoing", wishes | {"template": kind == "template"})
    until = time.monotonic() + 60 + count / 20
    first = at_first = 0.0
    while (accepted := sandbox.meters()["numbers"][house.number_id]["accepted"] - already) < count:
        if accepted > 0 and not first:
            first, at_first = time.monotonic(), accepted
        if time.monotonic() > until:
            raise Failed(f"{accepted} of {count} were sent")
        time.sleep(LOOK_EVERY_S)
    took_s = (time.monotonic() - first) * count / (count - at_first) if first else LOOK_EVERY_S
    return took_s, product.cpu_s()["worker"] - used


def _failed(product: Product, house: House) -> int:
    return product.count(
        f"SELECT count(*) FROM inbox_message WHERE channel_id = '{house.channel}' AND direction = 'out'"
        f" AND status = {FAILED}"
    )


def _approve(sandbox: RunningSandbox, house: House) -> None:
    """Have the template approved, so that each send is checked against it as Meta does."""
    account = next(one for one in sandbox.control("GET", "/state")["accounts"] if one["waba_id"] == house.account_id)
    url = f"{sandbox.url}/v26.0/{house.account_id}/message_templates"
    status, said = call("POST", url, token=account["token"], body=template.definition())
    assert status == 200, said
    wait_until(
        lambda: call("GET", url, token=account["token"])[1]["data"][0]["status"] == "APPROVED",
        within_s=20,
        what="approval",
    )
