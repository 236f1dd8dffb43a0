"""`python -m tests.screens`: takes the pictures in docs/screens/ from the running product.

The same screens each time: wide and narrow, light and dark, and right-to-left, so that a change in looks is seen.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests import postgres
from tests.browser import at_a_browser, running_browser
from tests.live import Live, LiveHouse, wait_until

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

TALK = (
    ("60123456789", "Mei Ling Tan", ("Hi! Is my order for Saturday confirmed? 🎂", "It was the pandan cake, 20 cm")),
    ("5511987654321", "João Pereira", ("Bom dia! Vocês entregam em Pinheiros?",)),
    ("34600111222", "Lucía Fernández", ("¿A qué hora cerráis hoy?", "Gracias 🙏")),
    ("966501234567", "أحمد الحربي", ("مرحبا، هل لديكم قهوة عربية؟",)),
    ("447700900123", "Oliver Hughes", ("The box arrived, but *two cups are broken*. Can you help?",)),
    ("60187776655", "Siti Nurhaliza", ("Boleh tukar masa penghantaran ke petang?",)),
)


@dataclass(frozen=True)
class Look:
    """One way of looking at a screen."""

    name: str
    narrow: bool = False
    dark: bool = False
    right_to_left: bool = False


LOOKS = (
    Look("wide-light"),
    Look("wide-dark", dark=True),
    Look("narrow-light", narrow=True),
    Look("narrow-dark", narrow=True, dark=True),
    Look("wide-arabic", right_to_left=True),
    Look("narrow-arabic", narrow=True, right_to_left=True),
)


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    postgres.pytest_addoption()
    try:
        with Live("screens") as live, running_browser() as browser:
            house = live.house("Kopi & Co", Ana="owner", Bo="agent", Cai="viewer")
            thread = _fill(live, house, browser)
            for look in LOOKS:
                _take(live, house, browser, look, thread)
    finally:
        postgres.pytest_unconfigure()


def _fill(live: Live, house: LiveHouse, browser: Browser) -> str:
    """Let people write, answer one of them, and return the address of that thread."""
    for phone, name, lines in TALK:
        for line in lines:
            live.sandbox.say(line, to=house.number_id, from_=phone, name=name)
    wait_until(lambda: house.page("inbox/", who="Ana")[1].count("data-row") >= len(TALK))
    page = house.page("inbox/", who="Ana")[1]
    found = re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)[^"]*"[^>]*>(?:(?!</a>).)*Mei Ling', page, re.DOTALL)
    assert found is not None
    thread = found.group(1)
    member = re.search(r'data-member="([0-9a-f-]+)"', page)
    assert member is not None
    house.post(f"{thread}assignment/", {"member": member.group(1)}, who="Ana")
    for text in ("Good morning Mei Ling! Yes, it is in the book for Saturday.", "Shall we write a name on it?"):
        house.post(f"{thread}messages/", {"text": text}, who="Ana")
    wait_until(lambda: house.page(thread, who="Ana")[1].count("tick-read") >= 2)
    live.sandbox.say("Yes please: *Happy 60th, Ah Ma!* 💚", to=house.number_id, from_=TALK[0][0], name=TALK[0][1])
    return thread


def _take(live: Live, house: LiveHouse, browser: Browser, look: Look, thread: str) -> None:
    options = {
        "viewport": NARROW if look.narrow else WIDE,
        "color_scheme": "dark" if look.dark else "light",
        "device_scale_factor": 1,
        "locale": "ar" if look.right_to_left else "en-GB",
        "timezone_id": "Asia/Kuala_Lumpur",
    }
    with at_a_browser(browser, live, **options) as visitor:
        page = visitor.page
        for name, path in (("login", "/account/login/"), ("signup", "/account/signup/")):
            page.goto(path)
            _shoot(page, name, look)
        visitor.signed_in(house, "Ana")
        page.goto(f"/w/{house.handle}/{thread}")
        expect(page.locator("#messages .message").last).to_be_visible()
        _shoot(page, "inbox", look)
        screens = [("list", "inbox/"), ("channels", "channels/"), ("connect", "channels/connect/")]
        screens += [("members", "settings/members/"), ("channel", f"channels/{house.channel}/")]
        for name, path in screens:
            answer = page.goto(f"/w/{house.handle}/{path}")
            if answer is None or not answer.ok:
                sys.stderr.write(f"{path} is not there\n")
                continue
            _shoot(page, name, look)


def _shoot(page: Page, name: str, look: Look) -> None:
    page.wait_for_load_state("networkidle") if "account" in page.url else page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / f"{name}-{look.name}.png", animations="disabled")


if __name__ == "__main__":
    main()
