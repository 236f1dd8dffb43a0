"""`python -m tests.screens`: takes the pictures in docs/screens/ from the running product; `... types FOLDER` takes those of
one of everything that can be said, at full length, into a folder.

The same screens each time: wide and narrow, light and dark, and right-to-left, so that a change in looks is seen. The
machine needs fonts with Arabic and with emoji (Debian: fonts-noto-core, fonts-noto-color-emoji).
"""

import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests import gallery, postgres
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


def take_types(folder: Path) -> None:
    """Take pictures of two conversations that hold one of everything: what came in, and what went out."""
    folder.mkdir(parents=True, exist_ok=True)
    postgres.pytest_addoption()
    try:
        with Live("types", environment={"TROTH_SEND_TIMEOUT_S": "3"}) as live, running_browser() as browser:
            house = live.house("Kopi & Co", Ana="owner", Bo="agent")
            came, went = gallery.fill(house)
            with at_a_browser(browser, live) as ana:
                ana.signed_in(house, "Ana").page.goto(f"/w/{house.handle}/{went}")
                gallery.send_files(ana.page)
            for look in LOOKS:
                with at_a_browser(browser, live, **_options(look)) as ana:
                    page = ana.signed_in(house, "Ana").page
                    for name, path in (("came", came), ("went", went)):
                        page.goto(f"/w/{house.handle}/{path}")
                        _shoot_whole(page, folder / f"{name}-{look.name}.png", look)
    finally:
        postgres.pytest_unconfigure()


def _shoot_whole(page: Page, file: Path, look: Look) -> None:
    """Make the window as high as the conversation, so that all of it is on the picture."""
    expect(page.locator("#messages .message").last).to_be_visible()
    for _ in range(3):  # pictures that come into sight make it longer
        height = page.locator("#log").evaluate("list => list.scrollHeight")
        page.set_viewport_size({"width": (NARROW if look.narrow else WIDE)["width"], "height": height + 400})
        page.wait_for_timeout(400)
    page.screenshot(path=file, animations="disabled")


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
    time.sleep(1.1)  # WhatsApp tells whole seconds: what follows is to be later than what the others wrote
    for text in ("Good morning Mei Ling! Yes, it is in the book for Saturday.", "Shall we write a name on it?"):
        house.post(f"{thread}messages/", {"text": text}, who="Ana")
    wait_until(lambda: house.page(thread, who="Ana")[1].count("tick-read") >= 2)
    live.sandbox.say("Yes please: *Happy 60th, Ah Ma!* 💚", to=house.number_id, from_=TALK[0][0], name=TALK[0][1])
    return thread


def _take(live: Live, house: LiveHouse, browser: Browser, look: Look, thread: str) -> None:
    with at_a_browser(browser, live, **_options(look)) as visitor:
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


def _options(look: Look) -> dict[str, Any]:
    return {
        "viewport": NARROW if look.narrow else WIDE,
        "color_scheme": "dark" if look.dark else "light",
        "device_scale_factor": 1,
        "locale": "ar" if look.right_to_left else "en-GB",
        "timezone_id": "Asia/Kuala_Lumpur",
    }


def _shoot(page: Page, name: str, look: Look) -> None:
    page.wait_for_load_state("networkidle") if "account" in page.url else page.wait_for_timeout(400)
    page.screenshot(path=FOLDER / f"{name}-{look.name}.png", animations="disabled")


if __name__ == "__main__":
    if sys.argv[1:2] == ["types"]:
        take_types(Path(sys.argv[2]))
    else:
        main()
