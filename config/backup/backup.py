"""`bin/backup`: makes, lists and proves backups. This is what the command becomes."""

import argparse
import sys
from pathlib import Path

from config.backup import checking, instants
from config.backup.backup_key import backup_key
from config.backup.making import make_backup
from config.backup.shelf import Backup, shelves
from config.backup.telling import Voice, size, spoken
from config.home import home


def main(arguments: list[str]) -> int:
    """Do what was asked for. Returns the exit code."""
    options = _options(arguments)
    voice = Voice(for_machine=options.json)
    if options.list:
        return spoken(voice, lambda: _list(voice))
    if options.verify is not None:
        return spoken(voice, lambda: _verify(options.verify, voice))
    return spoken(voice, lambda: _make(voice))


def _make(voice: Voice) -> None:
    made = make_backup(home(), at=instants.now(), voice=voice)
    voice.end(data=made.data, keys=made.keys, removed=made.removed)


def _list(voice: Voice) -> None:
    found = [one for shelf in shelves(home()).values() for one in shelf.backups()]
    for shelf in shelves(home()).values():
        voice.say(f"{shelf.kind.capitalize()} in {shelf.folder}")
        for one in shelf.backups():
            voice.say(f"  {instants.told(one.made_at)}  {size(one.bytes):>9}  {one.path.name}{_remark(one)}")
    voice.end(
        backups=[{"path": one.path, "kind": one.kind, "made_at": one.made_at, "bytes": one.bytes} for one in found]
    )


def _remark(one: Backup) -> str:
    return "  (its time is up)" if one.is_over(at=instants.now()) else ""


def _verify(path: Path, voice: Voice) -> None:
    key = backup_key(home(), make=False)
    found = checking.prove(path, key, deep=True)
    checking.refuse_newer(path, found.header)
    voice.say(
        f"Whole: {found.header.kind} of {instants.told(found.header.made_at)}, {found.contents.parcels} parts, "
        f"{size(found.contents.bytes)}. Every byte opens."
    )
    voice.end(
        path=path,
        kind=found.header.kind,
        made_at=found.header.made_at,
        parts=found.contents.parcels,
        bytes=found.contents.bytes,
        media=found.media,
        rings=len(found.rings),
    )


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/backup",
        description="Backs everything up, encrypted: the database and the media, and apart from them the keys. Deletes "
        "backups whose time is up: data after 21 days, keys after 7. Safe while Troth runs. See docs/backup.md.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="tell which backups there are")
    what.add_argument("--verify", type=Path, metavar="FILE", help="prove that a backup is whole, without restoring it")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object, for machines")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
