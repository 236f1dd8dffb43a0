"""`bin/restore`: puts a backup in the place of the present. This is what the command becomes."""

import argparse
import sys
from pathlib import Path

from config.backup import instants
from config.backup.refusals import Wanted
from config.backup.restoring import finish, restore
from config.backup.shelf import DATA, KEYS, shelves
from config.backup.telling import Voice, spoken
from config.home import home

NEWEST = "newest"


def main(arguments: list[str]) -> int:
    """Do what was asked for. Returns the exit code."""
    options = _options(arguments)
    voice = Voice(for_machine=options.json)
    if options.finish:
        return spoken(voice, lambda: _finish(voice))
    return spoken(voice, lambda: _restore(options, voice))


def _restore(options: argparse.Namespace, voice: Voice) -> None:
    wanted = Wanted(
        backup=_found(options.backup, DATA),
        keys=_found(options.keys_from, KEYS) if options.keys_from else None,
        replace_keys=options.disaster_recovery,
        discard_present=options.discard_present,
        leave_unreadable=options.leave_unreadable,
        past_its_time=options.past_its_time,
    )
    done = restore(home(), wanted, at=instants.now(), voice=voice)
    voice.say(f"Restored. This is how things stood at {instants.told(done.made_at)}; what came later is not in it.")
    if done.present_kept_as is not None:
        voice.say(f"What was here until now is kept in {done.present_kept_as}")
    voice.say(
        "Everybody is signed out. Messages that waited to be sent are marked as uncertain: nothing is sent twice."
    )
    voice.say("Start Troth with bin/run.")
    voice.end(backup=done.backup, made_at=done.made_at, present_kept_as=done.present_kept_as, settled=done.settled)


def _finish(voice: Voice) -> None:
    mark = finish(home(), voice=voice)
    voice.say("Restored. Start Troth with bin/run.")
    voice.end(made_at=mark.made_at)


def _found(given: str, kind: str) -> Path:
    return shelves(home())[kind].newest().path if given == NEWEST else Path(given).expanduser().resolve()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/restore",
        description="Restores a backup beside what is there, forgets again whoever was forgotten since, and puts it in place. "
        "The present is kept as a backup first. Stop Troth before. See docs/backup.md.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("backup", nargs="?", metavar="FILE", help="a backup of data, or `newest`")
    what.add_argument("--finish", action="store_true", help="finish what a killed restore had begun to put in place")
    parser.add_argument("--keys-from", metavar="FILE", help="a backup of keys, or `newest`, where the keys were lost")
    overruling = parser.add_argument_group("to overrule a refusal, which names the option that it takes")
    overruling.add_argument("--disaster-recovery", action="store_true", help="replace the keys that are here")
    overruling.add_argument("--discard-present", action="store_true", help="keep no backup of what is here now")
    overruling.add_argument("--leave-unreadable", action="store_true", help="do without data whose keys are gone")
    overruling.add_argument("--past-its-time", action="store_true", help="take a backup that should no longer exist")
    parser.add_argument("--json", action="store_true", help="answer with one JSON object, for machines")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
