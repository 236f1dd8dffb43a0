"""What has to be true before the product starts: roles, tables as the code wants them, static files in their place.

Each is skipped when nothing changed since the last time, which a digest tells in milliseconds. A program of its own,
so that the supervisor, which stays, stays small.
"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from config import media, steps
from config.home import CHECKOUT, home, private_folder, tombstone_journal
from config.supervise.database import prepare_embedded, prepare_outside
from config.supervise.postgres import Postgres
from config.supervise.tether import tied_to_parent
from config.trouble import Trouble

# What the database remembers, line by line in the comment of its schema.
_MIGRATED = "Troth, migrated to "
_FORGOTTEN = "Troth, without whom was forgotten up to "

_SENTENCE = "CommandError: "


def main() -> None:
    """Prepare everything, and say so."""
    told = dict(os.environ)
    addresses = prepare_outside() if told.get("DATABASE_URL") else prepare_embedded(Postgres(home()))
    print("Tables: brought up to date" if migrate(addresses.owner, told) else "Tables: up to date", flush=True)
    if forget_again(addresses.owner, told, tombstone_journal(home())):
        print("Forgotten: again whoever was, in case the database is an older one", flush=True)
    if collect_static(home(), told):
        print("Static files: gathered", flush=True)
    if media.chosen() == media.BUCKET:
        print(django(told, "media", "check").strip(), flush=True)


def migrate(owner_address: str, told: Mapping[str, str]) -> bool:
    """Bring the tables up to date. Returns whether there was anything to do.

    The database itself remembers what it was migrated to, so that another one, or a restored one, is not mistaken
    for it.
    Raises: Trouble, when a migration fails, or the tables are another Troth's.
    """
    wanted = _MIGRATED + _digest(_migrations())
    with psycopg.connect(owner_address, autocommit=True) as connection:
        if wanted in _notes(connection):
            return False
        _refuse_newer(connection)
        django(told, "migrate", "--database=owner", "--no-input")
        _remember(connection, wanted)
    return True


def forget_again(owner_address: str, told: Mapping[str, str], journal: Path, *, merging: Iterable[Path] = ()) -> bool:
    """Forget once more whoever was forgotten, if anybody was since this database last heard of it, or a journal is to be
    merged. Returns whether there was anything to do.

    The database itself remembers up to where it has heard. So one that came from a backup, by whatever way, is never
    opened with people in it who were forgotten since.
    Raises: Trouble, when it cannot be done.
    """
    others = [str(path) for path in merging]
    with psycopg.connect(owner_address, autocommit=True) as connection:
        if not others and (not journal.exists() or _heard(journal) in _notes(connection)):
            return False
        django(told, "replay_tombstones", "--merge", *others)
        if journal.exists():
            _remember(connection, _heard(journal))
    return True


def collect_static(folder: Path, told: Mapping[str, str]) -> bool:
    """Gather the static files under names that carry their hash. Returns whether there was anything to do."""
    stamp = private_folder(folder / "static") / ".collected"
    wanted = _digest([*CHECKOUT.glob("troth/*/static/**/*"), CHECKOUT / "requirements.txt"])
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    django(told, "collectstatic", "--no-input", "--clear", "--verbosity=0")
    private_folder(stamp.parent)
    stamp.write_text(wanted)
    return True


def django(told: Mapping[str, str], *arguments: str) -> str:
    """Run a management command and return what it printed.

    Raises: Trouble, with its own sentence where it has one, and otherwise after its last words.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "django", *arguments],
        env=told,
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=tied_to_parent(signal.SIGTERM),
    )
    if done.returncode != 0:
        raise Trouble(refusal(done.stderr, step=arguments[0]))
    return done.stdout


def refusal(said: str, *, step: str) -> str:
    """Return the sentence with which a management command ended, or a general one after its last words."""
    last = (said.strip().splitlines() or [""])[-1]
    if last.startswith(_SENTENCE):
        return last.removeprefix(_SENTENCE)
    print(said.strip(), file=sys.stderr)
    return f"The step `{step}` failed, for the reason above."


def _migrations() -> list[Path]:
    # The lock stands for the migrations of the packages that we use.
    return [*CHECKOUT.glob("troth/*/migrations/*.py"), CHECKOUT / "requirements.txt"]


def _refuse_newer(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    if newer := steps.unknown(steps.taken(connection)):
        raise Trouble(
            f"The tables were made by another Troth: they have taken the step {'.'.join(newer)}, and this one does not know "
            "it. Start the Troth that made them, or give this one a place of its own with TROTH_HOME or DATABASE_URL."
        )


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _heard(journal: Path) -> str:
    return _FORGOTTEN + hashlib.sha256(journal.read_bytes()).hexdigest()


def _notes(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    row = connection.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    return str(row[0]).splitlines() if row and row[0] else []


def _remember(connection: psycopg.Connection[tuple[object, ...]], note: str) -> None:
    """Write a note in the place of the earlier one of its kind."""
    kind = _MIGRATED if note.startswith(_MIGRATED) else _FORGOTTEN
    notes = [one for one in _notes(connection) if not one.startswith(kind)] + [note]
    connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal("\n".join(notes))))


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
