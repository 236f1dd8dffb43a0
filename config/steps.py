"""The steps that bring tables up to date: which ones this Troth knows, and which ones a database has taken."""

from collections.abc import Iterable
from typing import Any

import psycopg

from config.home import CHECKOUT

Step = tuple[str, str]


def taken(connection: psycopg.Connection[Any]) -> set[Step]:
    """Return the product's own steps, (app, name) each, that a database has taken: none where it is empty."""
    found = connection.execute("SELECT to_regclass('public.django_migrations') IS NULL").fetchone()
    if found is None or found[0]:
        return set()
    ours = {path.parent.name for path in CHECKOUT.glob("troth/*/migrations")}
    steps = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return {(str(app), str(name)) for app, name in steps if app in ours}


def unknown(steps: Iterable[Step]) -> Step | None:
    """Return the first of those steps that only a newer Troth, or one from before its first release, can have taken."""
    here = {(path.parent.parent.name, path.stem) for path in CHECKOUT.glob("troth/*/migrations/[0-9]*.py")}
    apps, there = {app for app, _ in here}, set(steps)
    # An app that we do not have may also be one that we have no more; then there are steps that the other has not.
    newer = sorted(step for step in there - here if step[0] in apps or not here - there)
    return newer[0] if newer else None
