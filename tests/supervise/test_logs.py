"""Logs of the processes do not grow for ever."""

import os
import time
from pathlib import Path

from config.supervise import logs
from config.supervise.logs import RotatedLog


def test_a_new_day_begins_a_new_file(home: Path) -> None:
    (home / "web.log").write_text("old\n")
    yesterday = time.time() - 86_400
    os.utime(home / "web.log", (yesterday, yesterday))
    log = RotatedLog(home, "web")
    log.write(b"new\n")
    log.close()
    assert (home / "web.log").read_text() == "new\n"
    day = time.strftime("%Y-%m-%d", time.localtime(yesterday))
    assert (home / f"web-{day}.log").read_text() == "old\n"


def test_what_is_older_than_two_weeks_goes(home: Path) -> None:
    for name in ("web-2026-01-01.log", "web.log"):
        (home / name).write_text("old\n")
        long_ago = time.time() - (logs.KEPT_DAYS + 1) * 86_400
        os.utime(home / name, (long_ago, long_ago))
    log = RotatedLog(home, "web")
    log.write(b"new\n")
    log.close()
    assert sorted(path.name for path in home.iterdir()) == ["web.log"]


def test_one_day_cannot_fill_the_disk(home: Path) -> None:
    log = RotatedLog(home, "web")
    for _ in range(40):
        log.write(b"x" * 1_000_000)
    assert sum(path.stat().st_size for path in home.iterdir()) < 20_000_000
    assert log.tail(lines=1).startswith("xxx")
    log.close()
