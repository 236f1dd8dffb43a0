"""W12: files of conversations in and out, sealed: in the folder, and in a bucket of the stand-in for a store; in turns with a
bare copy of the same bytes onto the same disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import Line, Measured, Workload, at_least
from bench.stage import ROOT, Failed, Product, Stage
from config.supervise.tether import tied_to_parent

KINDS = (("large", "50 MB", 0.2), ("small", "200 kB", 0.2))
BUCKET = {
    "TROTH_S3_BUCKET": "troth-media",
    "TROTH_S3_REGION": "eu-test-1",
    "TROTH_S3_KEY_ID": "AKSTANDIN",
    "TROTH_S3_SECRET": "stand-in-secret",
}

LINES = tuple(
    line
    for name, what, aim in KINDS
    for line in (
        Line(f"copy_{name}_in", f"files of {what}: a bare copy, in", "MB/s"),
        Line(f"copy_{name}_out", "... out", "MB/s"),
        Line(f"folder_{name}_in", "... into the folder, sealed", "MB/s"),
        Line(f"folder_{name}_out", "... out of it", "MB/s"),
        Line(f"bucket_{name}_in", "... into the bucket, sealed", "MB/s"),
        Line(f"bucket_{name}_out", "... out of it", "MB/s"),
        Line(f"bucket_{name}_deleted", "... deleted from it", "files/s"),
        Line(f"folder_{name}_in_ratio", "... folder / bare copy, in", "x", at_least(aim)),
        Line(f"folder_{name}_out_ratio", "... folder / bare copy, out", "x"),
        Line(f"bucket_{name}_in_ratio", "... bucket / folder, in", "x"),
        Line(f"bucket_{name}_out_ratio", "... bucket / folder, out", "x"),
    )
)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure each keeper once, on the same database."""
    wishes = {"large_mb": 50, "large": 2 if quick else 8, "small_kb": 200, "small": 20 if quick else 300}
    environment = stage.fresh()
    folder = Product(stage, environment).ask("bench.media", wishes)
    with _bucket(stage) as address:
        bucket = Product(stage, {**environment, **BUCKET, "TROTH_S3_ADDRESS": address}).ask("bench.media", wishes)
    found: Measured = {}
    for name, _what, _aim in KINDS:
        for way in ("in", "out"):
            bare, near, far = folder[f"copy_{name}_{way}"], folder[f"store_{name}_{way}"], bucket[f"store_{name}_{way}"]
            found |= {f"copy_{name}_{way}": bare, f"folder_{name}_{way}": near, f"bucket_{name}_{way}": far}
            found |= {f"folder_{name}_{way}_ratio": near / bare, f"bucket_{name}_{way}_ratio": far / near}
        found[f"bucket_{name}_deleted"] = bucket[f"store_{name}_deleted_per_s"]
    return found


WORKLOAD = Workload("W12", "files in and out: folder, bucket, bare copy", LINES, run)


@contextmanager
def _bucket(stage: Stage) -> Iterator[str]:
    """Give the address of a stand-in for a store, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.bucket", "0", str(stage.home / "bucket")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=tied_to_parent(signal.SIGKILL),  # noqa: PLW1509 - it only makes system calls
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("Bucket: "):
            raise Failed("The stand-in for a store did not start.")
        yield line.removeprefix("Bucket: ").strip()
    finally:
        process.kill()
        process.wait()
