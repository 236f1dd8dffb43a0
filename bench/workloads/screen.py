"""W1b: from a webhook to an agent's screen, while others write 50 or 300 times a second.

A real Chromium has the inbox and one conversation open. Now and then one of the webhooks is for that conversation; a
MutationObserver and the next frame say when it is on the screen, in the list and in the conversation. Clocks: the same
machine's, for the sender and the browser.
"""

import os
import threading
import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from bench import machine, processes
from bench.bank import Bank
from bench.browser import agent_at, running_browser
from bench.calls import Caller
from bench.figures import Line, Measured, Workload, at_least, at_most, exactly
from bench.load import Orders
from bench.stage import House, Load, Product, Stage, wait_until
from bench.workloads.ingest import let_write

RATES = (50, 300)
PROBES_PER_S = 4.0
PROBER = 9_999_999
KNOWN = 2_000
ARRIVE_WITHIN_S = 10.0

OBSERVE = """
() => {
  const seen = (window.benchSeen = { list: {}, thread: {} });
  const places = { list: "rows", thread: "messages" };
  const look = () => {
    const at = performance.timeOrigin + performance.now();
    for (const [kind, id] of Object.entries(places)) {
      const text = document.getElementById(id)?.textContent ?? "";
      for (const [, number] of text.matchAll(/probe-(\\d+)-/g)) {
        if (seen[kind][number]) continue;
        const found = (seen[kind][number] = { there: at, painted: 0 });
        requestAnimationFrame(() => setTimeout(() => (found.painted = performance.timeOrigin + performance.now())));
      }
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}
"""


def _lines() -> tuple[Line, ...]:
    found: list[Line] = []
    for rate in RATES:
        found += [
            Line(
                f"thread_{rate}_p50_ms", f"{rate}/s: painted in the open conversation, half within", "ms", at_most(60)
            ),
            Line(f"thread_{rate}_p99_ms", "... 99 of 100 within", "ms", at_most(250)),
            Line(f"list_{rate}_p50_ms", "... painted in the list, half within", "ms"),
            Line(f"list_{rate}_p99_ms", "... 99 of 100 within", "ms"),
            Line(f"ack_{rate}_p99_ms", "... webhooks acknowledged meanwhile, 99 of 100 within", "ms", at_most(100)),
            Line(f"per_{rate}_s", "... webhooks acknowledged meanwhile", "/s", at_least(0.98 * rate)),
            Line(f"unseen_{rate}", "... probes never in the conversation", "", exactly(0)),
            Line(f"probes_{rate}", "... probes"),
        ]
    return tuple(found)


@dataclass(slots=True)
class Probes:
    """Webhooks for the open conversation, and when each was sent."""

    bank: Bank
    path: str
    port: int
    count: int
    sent: dict[str, float]

    def send(self) -> None:
        """Send all, evenly spread."""
        began = time.monotonic()
        with Caller(self.port) as door:
            for number in range(self.count):
                time.sleep(max(0.0, began + number / PROBES_PER_S - time.monotonic()))
                request = self.bank.request(probe_body(self.bank, number), path=self.path)
                self.sent[str(number)] = time.time() * 1000
                assert door.post(request) == 200


def probe_body(bank: Bank, number: int) -> bytes:
    """Return a webhook from the prober, whose words can be found on the screen."""
    message = {**bank.message(number, person=PROBER), "text": {"body": f"probe-{number}- {bank.text(number)}"}}
    message["timestamp"] = str(int(time.time()) + 2)
    return bank.encode({"contacts": [bank.contact(PROBER)], "messages": [message]})


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure each rate once."""
    found: Measured = {}
    for rate in RATES:
        found |= _rate(stage, rate, seconds=6 if quick else 25, notes=notes)
    return found


WORKLOAD = Workload("W1b", "from a webhook to an agent's screen", _lines(), run)


def _rate(stage: Stage, rate: int, *, seconds: float, notes: list[str]) -> Measured:
    with Product(stage, stage.fresh()) as product, running_browser() as browser:
        house = product.house()
        product.start_web()
        product.start_worker()
        conversation = _first_word(product, house)
        let_write(product, house, people=KNOWN)
        context = agent_at(browser, product, house)
        page = context.new_page()
        page.goto(f"/w/{house.handle}/inbox/{conversation}/")
        page.wait_for_selector("#connection[data-state=live]", state="attached")
        page.evaluate(OBSERVE)
        time.sleep(1)
        probes = Probes(house.bank(run=7), house.hook, product.port, int(seconds * PROBES_PER_S), {})
        result = _under_load(product, house, rate, seconds, page, probes, notes)
        context.close()
    return _figures(rate, result, probes)


def _first_word(product: Product, house: House) -> str:
    """Let the prober write once and return the conversation's id."""
    bank = house.bank(run=6)
    with Caller(product.port) as door:
        assert door.post(bank.request(probe_body(bank, 99_999_999), path=house.hook)) == 200
    wait_until(lambda: not product.waiting(), within_s=20, what="the first word")
    with product.stage.looking(product.environment) as connection:
        row = connection.execute("SELECT id FROM inbox_conversation").fetchone()
    assert row is not None
    return str(row[0])


def _under_load(
    product: Product, house: House, rate: int, seconds: float, page: Page, probes: Probes, notes: list[str]
) -> dict[str, Any]:
    load = Load(
        Orders(
            bank=house.bank(run=1),
            port=product.port,
            path=house.hook,
            connections=16,
            seconds=seconds + 2,
            first=0,
            most=int((seconds + 2) * rate),
            per_second=rate,
        )
    )
    used, machine_before, began = _cpu(product), machine.processor_s(), time.monotonic()
    load.go()
    time.sleep(1)
    sender = threading.Thread(target=probes.send, daemon=True)
    sender.start()
    while sender.is_alive():
        page.wait_for_timeout(200)
    result = load.result()
    took_s = time.monotonic() - began
    spent = {part: after - used[part] for part, after in _cpu(product).items()}
    notes.append(machine.shares(f"{rate}/s", spent, machine.processor_s() - machine_before, took_s))
    wait_until(lambda: _all_seen(page, probes), within_s=ARRIVE_WITHIN_S, every_s=0.2, what="probes", strict=False)
    result["seen"] = page.evaluate("() => window.benchSeen")
    return result


def _cpu(product: Product) -> dict[str, float]:
    """Return the processor seconds used so far; all that this process started and is not the product is the browser."""
    used = product.cpu_s()
    return {**used, "browser and generator": processes.cpu_s(os.getpid()) - sum(used.values())}


def _all_seen(page: Page, probes: Probes) -> bool:
    seen: int = page.evaluate("() => Object.values(window.benchSeen.thread).filter((one) => one.painted).length")
    return seen >= probes.count


def _figures(rate: int, result: dict[str, Any], probes: Probes) -> Measured:
    found: Measured = {f"probes_{rate}": probes.count}
    for kind in ("thread", "list"):
        seen = result["seen"][kind]
        times = sorted(one["painted"] - probes.sent[number] for number, one in seen.items() if number in probes.sent)
        if times:
            found[f"{kind}_{rate}_p50_ms"] = times[len(times) // 2]
            found[f"{kind}_{rate}_p99_ms"] = times[min(len(times) - 1, int(len(times) * 0.99))]
    missing = [number for number in probes.sent if number not in result["seen"]["thread"]]
    return found | {
        f"unseen_{rate}": len(missing),
        f"ack_{rate}_p99_ms": result["p99_ms"],
        f"per_{rate}_s": result["ok"] / result["seconds"],
    }
