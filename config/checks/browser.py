"""A Chromium for the browser tests: the machine's own, the system's package, or Playwright's, in this order."""

import shutil
import subprocess
import sys
from pathlib import Path

from config.installers import system_command
from config.trouble import Trouble

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def chromium() -> str | None:
    """Return the path of a Chromium on this machine. None means Playwright's own, if it was installed."""
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None and _runs(found):
            return found
    return str(_MAC) if _MAC.exists() else None


def ensure() -> None:
    """See to it that there is a browser.

    Raises: Trouble, saying what to install.
    """
    if chromium() is not None or _playwright_has_one():
        return
    print("Installing a browser for the tests ...", flush=True)
    command = system_command("chromium")
    if command is not None:
        update = [part for part in command[: command.index("install")] if part] + ["update", "-qq"]
        subprocess.run(update, check=False, capture_output=True)
        subprocess.run(command, check=False, capture_output=True)
        if chromium() is not None:
            return
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, capture_output=True)
    if done.returncode != 0 or not _playwright_has_one():
        raise Trouble("There is no browser for the tests and none could be fetched: install Chromium, then try again.")


def _playwright_has_one() -> bool:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a second is saved where Chromium stands

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _runs(path: str) -> bool:
    # On some systems the package is a note that says where to get the real one.
    try:
        return subprocess.run([path, "--version"], check=False, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    try:
        ensure()
    except Trouble as trouble:
        sys.exit(str(trouble))
