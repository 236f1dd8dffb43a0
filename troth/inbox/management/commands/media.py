"""`python -m django media`: where files of conversations are kept."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from troth.base.clock import now
from troth.inbox.files.sweeping import nobodys
from troth.media import moving, passing, store
from troth.media.bucket import GENERATION, Bucket
from troth.media.checking import NotFit, check
from troth.media.keeping import Store, StoreAway

FOLDER, BUCKET = "folder", "bucket"
FOR_BACKUPS = ["names", "give", "take", "turn", "drop", "tidy"]
BUILT_WITHIN = timedelta(days=1)  # a restore takes less
SAYS = {FOLDER: "the folder", BUCKET: "the bucket"}


class Command(BaseCommand):
    help = (
        "check: try out where files are kept. copy --to: make the other store hold the same, as often as you like and while"
        " everything runs. retire: once TROTH_MEDIA names the new one, empty the old. The others are what bin/backup and"
        " bin/restore ask."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "copy", "retire", *FOR_BACKUPS])
        parser.add_argument("--to", choices=[FOLDER, BUCKET], help="the store to copy to")
        parser.add_argument("--generation", help="turn: the generation to use from now on; drop: the one to delete")
        parser.add_argument(
            "--at-once", action="store_true", help="tidy: also what a restore may be building elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['what']}")(options)
        except NotFit as trouble:
            raise CommandError(str(trouble)) from trouble
        except StoreAway as away:
            raise CommandError(
                f"The media store does not answer as it should ({away.reason}): see to it with `python -m django media check`,"
                " then do this again."
            ) from away
        except passing.Differs as damage:
            raise CommandError(
                "A file is not what its store says it is. Nothing was deleted; see to that store, then do this again."
            ) from damage

    def do_check(self, options: dict[str, Any]) -> None:
        """Try out where files are kept."""
        if settings.MEDIA_IN == FOLDER:
            self.stdout.write(f"Media: in the folder {store.in_folder().folder}")
        else:
            self.stdout.write(f"Media: in the bucket {check(self.bucket())}")
        self.remind()

    def remind(self) -> None:
        """Say so where files are left in a store that is no longer used: what is erased has to go there too."""
        other = self.other()
        if other is not None and next(other.kept(), None) is not None:
            what = SAYS[BUCKET if settings.MEDIA_IN == FOLDER else FOLDER]
            self.stdout.write(
                f"Media: {what} still holds files and is not used: `python -m django media retire` ends that"
            )

    def do_copy(self, options: dict[str, Any]) -> None:
        """Make the other store hold the same files."""
        to = options["to"]
        if to is None:
            raise CommandError("Say where to: --to bucket or --to folder.")
        source, target = (store.in_folder(), self.bucket())[:: 1 if to == BUCKET else -1]
        if to == settings.MEDIA_IN:
            raise CommandError(
                f"Files are kept in {SAYS[to]} already; copying would undo what happened since. Set TROTH_MEDIA to the store"
                " that is to be copied from first."
            )
        if to == BUCKET:
            check(self.bucket())
        done = moving.copy(source, target, say=self.stdout.write)
        self.stdout.write(f"Copied {done.copied} files ({done.bytes / 1e6:.1f} MB), deleted {done.deleted}.")
        if not done.agree:
            raise CommandError("Files changed meanwhile: stop Troth, do this again, and both will agree.")
        self.stdout.write(f"Both agree. Set TROTH_MEDIA={to}, start Troth, then run `python -m django media retire`.")

    def do_retire(self, options: dict[str, Any]) -> None:
        """Empty the store that is no longer used, once the other has all that anybody's row stands for."""
        used, unused = store.keeper(), self.other()
        if unused is None:
            raise CommandError("There is one store only: TROTH_S3_ADDRESS names no other.")
        for workspace, ids in nobodys(unused, until=now()):
            unused.remove(store.beginning(workspace, id) for id in ids)
        brought = moving.copy_missing(unused, used)
        gone = moving.delete_what_is_in_both(unused, used)
        self.stdout.write(f"Brought along {brought} files, then deleted {gone} where they are no longer used.")

    def do_names(self, options: dict[str, Any]) -> None:
        """Tell every file and its size, a line of JSON each."""
        for one in store.keeper().kept():
            self.stdout.write(json.dumps([one.name, one.size]))

    def do_give(self, options: dict[str, Any]) -> None:
        """Give the files whose names come in, a line of JSON each."""
        names = (json.loads(line) for line in sys.stdin.buffer)
        passing.give(store.keeper(), names, sys.stdout.buffer)
        sys.stdout.buffer.flush()

    def do_take(self, options: dict[str, Any]) -> None:
        """Keep the files that come in."""
        try:
            self.stdout.write(str(passing.take(store.keeper(), sys.stdin.buffer)))
        except passing.Broken as broken:
            raise CommandError("The files came to an end before they were whole.") from broken

    def do_turn(self, options: dict[str, Any]) -> None:
        """Use another generation of the bucket from now on."""
        self.bucket().turn(self.named(options))

    def do_drop(self, options: dict[str, Any]) -> None:
        """Delete a generation of the bucket that is not used."""
        if self.named(options) == self.bucket().current():
            raise CommandError("That generation is the one that is used.")
        self.bucket().drop(options["generation"])

    def do_tidy(self, options: dict[str, Any]) -> None:
        """Delete every generation of the bucket that is not used, and that no restore can be building."""
        bucket = self.bucket()
        for generation in bucket.generations():
            if generation != bucket.current() and (options["at_once"] or not _is_new(generation)):
                bucket.drop(generation)

    def named(self, options: dict[str, Any]) -> str:
        """Return the generation that was named. Raises: CommandError."""
        if not GENERATION.fullmatch(options["generation"] or ""):
            raise CommandError("Say which: --generation, small letters and digits.")
        return str(options["generation"])

    def other(self) -> Store | None:
        """Return the store that is not used, where there is one."""
        if settings.MEDIA_IN == BUCKET:
            return store.in_folder()
        return store.in_bucket() if settings.MEDIA_BUCKET else None

    def bucket(self) -> Bucket:
        """Return the bucket of the settings. Raises: CommandError."""
        if settings.MEDIA_BUCKET is None:
            raise CommandError("No bucket is named: set TROTH_S3_ADDRESS and what goes with it (docs/settings.md).")
        return store.in_bucket()


def _is_new(generation: str) -> bool:
    """Return whether a generation says of itself that it was begun a short while ago."""
    try:
        begun = datetime.strptime(generation[:16], "%Y%m%dt%H%M%Sz").replace(tzinfo=UTC)
    except ValueError:
        return False
    return now() - begun < BUILT_WITHIN
