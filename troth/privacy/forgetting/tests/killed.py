"""Purges an erasure in processes that are killed, one after the other, at every batch: once in the middle of its
transaction and once right after. Run as a program: `python -m troth.privacy.forgetting.tests.killed ERASURE WORKSPACE`;
prints how many were killed.

The failpoints are here, and nowhere in the product: each process wraps the steps before it begins.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import django


def main(erasure: UUID, workspace: UUID | None) -> None:
    """Let processes die until one comes through."""
    killed = 0
    for inside in _turns():
        child = os.fork()
        if child == 0:
            _purge(erasure, workspace, inside=inside)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, status
            break
        killed += 1
    sys.stdout.write(f"{killed}\n")


def _turns() -> Sequence[bool]:
    return [turn % 2 == 0 for turn in range(1_000)]


def _purge(erasure: UUID, workspace: UUID | None, *, inside: bool) -> None:
    from troth.privacy.forgetting import contact_steps, purge, workspace_steps  # noqa: PLC0415

    contact_steps.ROWS = workspace_steps.ROWS = 2
    if inside:
        for kind, steps in list(purge._steps.items()):
            purge._steps[kind] = _mortal(steps)  # type: ignore[assignment]  # steps
    else:
        advance = purge._advance

        def once(*place: UUID | None) -> bool:
            more = advance(*place)  # type: ignore[arg-type]  # as it is called
            if more:
                os.kill(os.getpid(), signal.SIGKILL)
            return more

        purge._advance = once  # type: ignore[assignment]  # as it is called
    assert purge.purge(erasure, workspace)


def _mortal(steps: Callable[[], Sequence[object]]) -> Callable[[], list[object]]:
    from troth.privacy.forgetting.purge import Batch, Step  # noqa: PLC0415

    def dying(step: Step) -> Step:
        def batch(erasure: object) -> Batch:
            step.batch(erasure)  # type: ignore[arg-type]  # an erasure
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("unreachable")

        return replace(step, batch=batch)

    return lambda: [dying(step) for step in steps()]  # type: ignore[arg-type]  # steps


if __name__ == "__main__":
    django.setup()
    main(UUID(sys.argv[1]), UUID(sys.argv[2]) if sys.argv[2] != "-" else None)
