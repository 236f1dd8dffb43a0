"""Writes files into the store of the product and reads them again, beside a bare copy of the same bytes on the same disk:
`python -m bench.media <wishes as JSON>`, in the product's own environment. Prints MB and files a second as one line of JSON."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # after setup()

from tests import cast  # noqa: E402
from troth.base.ids import new_id  # noqa: E402
from troth.media import store  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402

PIECE_BYTES = 64 * 1024


def main(wishes: dict[str, Any]) -> dict[str, float]:
    """Measure large files (`large_mb`, `large`) and small ones (`small_kb`, `small`)."""
    place = Path(settings.HOME) / "bench"
    place.mkdir()
    large, small = os.urandom(wishes["large_mb"] * 1_000_000), os.urandom(wishes["small_kb"] * 1000)
    found: dict[str, float] = {}
    for name, data, count in (("large", large, wishes["large"]), ("small", small, wishes["small"])):
        found |= {f"copy_{name}_{way}": rate for way, rate in _copied(place, data, count).items()}
        found |= {f"store_{name}_{way}": rate for way, rate in _kept(data, count).items()}
    shutil.rmtree(place)
    return found


def _copied(place: Path, data: bytes, count: int) -> dict[str, float]:
    """Write and read files as they are; what is written is on the disk before the next."""

    def write(number: int) -> None:
        with (place / str(number)).open("wb") as file:
            for at in range(0, len(data), PIECE_BYTES):
                file.write(data[at : at + PIECE_BYTES])
            file.flush()
            os.fsync(file.fileno())

    def read(number: int) -> None:
        with (place / str(number)).open("rb") as file:
            while file.read(PIECE_BYTES):
                pass

    return {"in": _rate(write, len(data), count), "out": _rate(read, len(data), count)}


def _kept(data: bytes, count: int) -> dict[str, float]:
    house = cast.house("Bench", people={}, number_id=str(new_id().int % 10**12), account_id="1", secret="x")
    with scope(house.id):
        files = store.files()
    ids = [new_id() for _ in range(count)]
    with files.writer(new_id()) as warm:
        warm.write(b"x")

    def write(number: int) -> None:
        with files.writer(ids[number]) as out:
            for at in range(0, len(data), PIECE_BYTES):
                out.write(data[at : at + PIECE_BYTES])

    def read(number: int) -> None:
        with files.reader(ids[number]) as opened:
            size = sum(len(piece) for piece in opened.pieces())
        assert size == len(data)

    rates = {"in": _rate(write, len(data), count), "out": _rate(read, len(data), count)}
    began = time.perf_counter()
    files.remove(ids)
    return {**rates, "deleted_per_s": count / (time.perf_counter() - began)}


def _rate(work: Callable[[int], None], size: int, count: int) -> float:
    """Return MB a second."""
    began = time.perf_counter()
    for number in range(count):
        work(number)
    return size * count / 1e6 / (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
