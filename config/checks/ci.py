"""Everything that must hold before a change is kept. This is what `bin/ci` becomes.

All checks run, so that one look tells all; the tests come last, and their summary is the last line.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from config.checks import audit, browser, test, tools
from config.home import CHECKOUT
from config.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Check everything. Returns 0 if all holds."""
    # The longest check leaves a processor idle, and to fetch a browser is to wait: they go side by side.
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(max_workers=3) as pool:
        fetched = pool.submit(browser.ensure)
        begun = [(name, pool.submit(holds)) for name, holds in _checks(home)]
        failed = [name for name, check in begun if not _told(name, check)]
        fetched.result()
    told = {**os.environ, "TROTH_CHROMIUM": browser.chromium() or ""}
    print("Tests", flush=True)
    if subprocess.run(test.command(arguments), cwd=CHECKOUT, env=told, check=False).returncode != 0:
        failed.append("Tests")
    if failed:
        print(f"Not in order: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _checks(home: str) -> list[tuple[str, Callable[[], bool]]]:
    told = {"TROTH_HOME": home, "TROTH_ENV": "test"}
    tables = tools.django("makemigrations", "--check", "--dry-run", "--verbosity=1")
    return [
        ("Types", lambda: tools.run(tools.TYPES, environment=told)),
        ("Format", lambda: tools.run([*tools.FORMAT, "--check"])),
        ("Lint", lambda: tools.run(tools.LINT)),
        ("Templates", lambda: tools.run([*tools.templates(), "--check"])),
        ("Floors", lambda: tools.run(tools.FLOORS)),
        ("Migrations", lambda: tools.run(tables, environment=told)),
        ("Known holes", audit.passes),
    ]


def _told(name: str, check: Future[bool]) -> bool:
    good = check.result()
    print(f"{name} ... good" if good else f"{name}: not in order", flush=True)
    return good


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
