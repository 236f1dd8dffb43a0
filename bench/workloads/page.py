"""W11: the first page in a real browser with nothing cached: bytes on the wire, scripts, requests, first paint, nodes."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

from bench.browser import agent_at, running_browser
from bench.calls import Caller
from bench.figures import Line, Measured, Workload, at_most, exactly
from bench.stage import House, Product, Stage, wait_until
from bench.workloads.ingest import let_write

ROWS = 60
BUBBLES = 40
VISITS = 5

PAGES = {"inbox": "the inbox", "open": "the inbox with a conversation open"}


def _lines() -> tuple[Line, ...]:
    found: list[Line] = []
    for key, what in PAGES.items():
        found += [
            Line(f"{key}_kb", f"{what}: all bytes on the wire, heads included", "kB", at_most(100)),
            Line(f"{key}_js_kb", "... scripts", "kB", at_most(50)),
            Line(f"{key}_css_kb", "... styles", "kB"),
            Line(f"{key}_html_kb", "... the page itself", "kB"),
            Line(f"{key}_other_kb", "... images, fonts and the rest", "kB"),
            Line(f"{key}_requests", "... requests", "", None),
            Line(f"{key}_fcp_ms", "... first contentful paint", "ms", at_most(400)),
            Line(f"{key}_lcp_ms", "... largest contentful paint", "ms"),
            Line(f"{key}_ready_ms", "... stream of pokes open", "ms"),
            Line(f"{key}_nodes", "... elements", "", at_most(1_500)),
            Line(f"{key}_cls", "... layout shift", "", at_most(0.02)),
            Line(f"{key}_again_kb", "... bytes of a second visit", "kB"),
            Line(f"{key}_foreign", "... requests to other hosts", "", exactly(0)),
        ]
    return tuple(found)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Visit each page a few times, each time with a fresh profile, and take the middle visit."""
    with Product(stage, stage.fresh()) as product, running_browser() as browser:
        house = product.house()
        product.start_web()
        product.start_worker()
        let_write(product, house, people=ROWS)
        address = f"/w/{house.handle}/inbox/"
        conversation = _busiest(product, house)
        addresses = {"inbox": address, "open": f"{address}{conversation}/"}
        found: Measured = {}
        for key, path in addresses.items():
            visits = [_visit(browser, product, house, path) for _ in range(2 if quick else VISITS)]
            middle = sorted(visits, key=lambda one: one["fcp_ms"])[len(visits) // 2]
            found |= {f"{key}_{name}": value for name, value in middle.items()}
    return found


WORKLOAD = Workload("W11", "the first page in a browser", _lines(), run)


def _busiest(product: Product, house: House) -> str:
    """Give one conversation a page of messages and return its id."""
    bank = house.bank(run=3)
    people = range(ROWS)
    contacts = [bank.contact(people[0])]
    messages = [bank.message(index, person=people[0]) for index in range(BUBBLES)]
    with Caller(product.port) as door:
        body = bank.encode({"contacts": contacts, "messages": messages})
        assert door.post(bank.request(body, path=house.hook)) == 200
    wait_until(lambda: not product.waiting(), within_s=20, what="a page of messages")
    with product.stage.looking(product.environment) as connection:
        row = connection.execute(
            "SELECT conversation_id FROM inbox_message GROUP BY conversation_id ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return str(row[0])


def _visit(browser: Browser, product: Product, house: House, path: str) -> Measured:
    context = agent_at(browser, product, house)
    try:
        page = context.new_page()
        wire = _Wire(page, product.port)
        found = _look(page, lambda: page.goto(path, wait_until="load"))
        found |= wire.report()
        wire.reset()
        page.reload(wait_until="load")
        time.sleep(0.5)
        found["again_kb"] = wire.report()["kb"]
        return found
    finally:
        context.close()


def _look(page: Page, go: Callable[[], Any]) -> Measured:
    page.add_init_script(
        "window.benchLcp = 0; window.benchCls = 0;"
        "new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.benchLcp = one.startTime)))"
        ".observe({ type: 'largest-contentful-paint', buffered: true });"
        "new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.benchCls += one.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    began = time.perf_counter()
    go()
    page.wait_for_selector("#connection[data-state=live]", state="attached", timeout=20_000)
    ready_ms = (time.perf_counter() - began) * 1000
    page.wait_for_timeout(700)
    fcp: float = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")
    return {
        "fcp_ms": fcp,
        "lcp_ms": page.evaluate("() => window.benchLcp"),
        "cls": page.evaluate("() => window.benchCls"),
        "ready_ms": ready_ms,
        "nodes": page.evaluate("() => document.querySelectorAll('*').length"),
    }


class _Wire:
    """Counts what really went over the wire, by kind, as the browser's own network log has it."""

    def __init__(self, page: Page, port: int) -> None:
        self._home = f"http://127.0.0.1:{port}/"
        self._kinds: dict[str, str] = {}
        self.reset()
        log = page.context.new_cdp_session(page)
        log.send("Network.enable")
        log.on("Network.requestWillBeSent", self._begins)
        log.on("Network.responseReceived", self._is_of_kind)
        log.on("Network.loadingFinished", self._ends)

    def reset(self) -> None:
        self._bytes: dict[str, int] = {}
        self._requests = 0
        self._foreign = 0

    def _begins(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        if url.startswith(("data:", "blob:")):
            return
        self._requests += 1
        self._foreign += not url.startswith(self._home)

    def _is_of_kind(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _ends(self, event: dict[str, Any]) -> None:
        kind = self._kinds.get(event["requestId"], "Other")
        self._bytes[kind] = self._bytes.get(kind, 0) + int(event["encodedDataLength"])

    def report(self) -> Measured:
        of = self._bytes
        known = ("Script", "Stylesheet", "Document")
        return {
            "kb": sum(of.values()) / 1000,
            "js_kb": of.get("Script", 0) / 1000,
            "css_kb": of.get("Stylesheet", 0) / 1000,
            "html_kb": of.get("Document", 0) / 1000,
            "other_kb": sum(size for kind, size in of.items() if kind not in known) / 1000,
            "requests": self._requests,
            "foreign": self._foreign,
        }
