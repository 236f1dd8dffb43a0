"""Files come back with a backup, wherever they are kept: as they were, without those of whom was forgotten, at once or not at
all."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.backup import checking, restoring
from config.backup.backup_key import backup_key
from config.backup.making import make_backup
from config.backup.refusals import Wanted
from config.backup.restoring import finish, restore
from config.backup.telling import Voice
from config.home import CHECKOUT
from config.trouble import Trouble
from tests.house.canaries import found_below
from tests.house.drill.homes import OURS, Home, copied, furnished, told
from tests.keepers import BUCKET, FOLDER, VERSIONED, Keeping, kept_in
from tests.thorough import some

pytestmark = pytest.mark.slow

MADE = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)
TODAY = MADE + timedelta(days=5)
SILENT = Voice(for_machine=True)
LARGE = 60_000  # words: some megabytes, read in several stretches


@pytest.fixture(scope="module")
def stage() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        yield furnished(Path(folder))


@pytest.fixture(params=[FOLDER, BUCKET])
def keeper(request: pytest.FixtureRequest) -> Iterator[Keeping]:
    with kept_in(request.param, page_max=2) as made:
        yield made


@pytest.fixture
def home(stage: Home, keeper: Keeping, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    for name in [name for name in os.environ if any(part in name for part in OURS)]:
        monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        made = copied(stage, Path(folder))
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", told(Path("/"))["DJANGO_SETTINGS_MODULE"])
        keep_in(made, keeper, monkeypatch)
        yield made


def keep_in(home: Home, keeper: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    home.named = dict(keeper.environment)
    for name, value in keeper.environment.items():
        monkeypatch.setenv(name, value)


def furnish(home: Home) -> dict[str, str]:
    """Give each of the drill's people a file; return their ids."""
    with home.running():
        return {
            who: home.ask(
                "files.attach", home.ids[place], home.ids[f"thread of {who}"], [home.words[f"said by {who}"]], LARGE
            )
            for who, place in (("living", "kopi"), ("forgotten", "kopi"), ("rivals", "rival"))
        }


def change(home: Home) -> str:
    """Let things go on after the backup: somebody is forgotten, and somebody sends another file."""
    with home.running():
        home.ask("forgetting.forget_contact", home.ids["kopi"], home.ids["forgotten"])
        later: str = home.ask("files.attach", home.ids["kopi"], home.ids["thread of living"], ["later"], 3)
    return later


def shown(home: Home, place: str) -> dict[str, Any]:
    with home.running():
        found: dict[str, Any] = home.ask("files.read", home.ids[place])
    return found


def right(home: Home, keeper: Keeping, files: dict[str, str]) -> None:
    """Make sure that everything of the living is there and nothing of the forgotten."""
    word = home.words["said by living"]
    assert shown(home, "kopi") == {files["living"]: [word, len(word) * LARGE]}
    assert shown(home, "rival")[files["rivals"]] is not None
    names = [name for name in keeper.names(home.path) if name.endswith(".whole")]
    assert len(names) == 2, names
    assert not any(files["forgotten"] in name for name in names)
    words = [home.words[f"said by {who}"] for who in ("living", "forgotten", "rivals")]
    assert found_below(keeper.place(home.path), words) == set(), "sealed wherever they lie"


def test_files_are_as_they_were_and_those_of_the_forgotten_stay_gone(home: Home, keeper: Keeping) -> None:
    files = furnish(home)
    backup = make_backup(home.path, at=MADE, voice=SILENT).data
    proven = checking.prove(backup, backup_key(home.path, make=False), deep=True)
    assert proven.media == 3 + 3 * (keeper.kind == FOLDER), "the drill's own pictures lie in the folder too"
    assert proven.header.media_bytes > 3_000_000
    later = change(home)
    assert not any(files["forgotten"] in name for name in keeper.names(home.path))
    restored = restore(home.path, Wanted(backup=backup), at=TODAY, voice=SILENT)
    right(home, keeper, files)
    assert restored.present_kept_as is not None
    # And back to what was there before.
    restore(home.path, Wanted(backup=restored.present_kept_as), at=TODAY, voice=SILENT)
    assert set(shown(home, "kopi")) == {files["living"], later}
    assert [path.name for path in home.path.iterdir() if path.name.startswith(".media")] == []


@pytest.mark.parametrize("keeper", [FOLDER], indirect=True)
def test_a_backup_of_a_folder_is_restored_into_a_bucket(
    home: Home, keeper: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = furnish(home)
    backup = make_backup(home.path, at=MADE, voice=SILENT).data
    with kept_in(BUCKET) as bucket:
        keep_in(home, bucket, monkeypatch)
        restore(home.path, Wanted(backup=backup), at=TODAY, voice=SILENT)
        assert shown(home, "kopi")[files["living"]][1] > 1_000_000
        assert len([name for name in bucket.names(home.path) if files["living"] in name]) == 1


@pytest.mark.parametrize("keeper", [BUCKET], indirect=True)
def test_a_store_that_is_away_is_told_in_one_sentence_and_changes_nothing(
    home: Home, keeper: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = furnish(home)
    backup = make_backup(home.path, at=MADE, voice=SILENT).data
    before = keeper.names(home.path)
    assert keeper.running is not None
    keeper.running.bucket.may_not = frozenset({"PUT"})
    with pytest.raises(Trouble, match="media store does not answer as it should"):
        restore(home.path, Wanted(backup=backup), at=TODAY, voice=SILENT)
    keeper.running.bucket.may_not = frozenset({"GET"})
    with pytest.raises(Trouble, match="media store does not answer as it should"):
        make_backup(home.path, at=TODAY, voice=SILENT)
    keeper.running.bucket.may_not = frozenset()
    assert keeper.names(home.path) == before
    assert shown(home, "kopi")[files["living"]] is not None


CUT = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from config.backup import drafts, media, restoring
from config.backup.refusals import Wanted
from config.backup.telling import Voice

def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def both(*given, **more):
        function(*given, **more)
        die()
    return both

moment = sys.argv[4]
if moment == "half the files":
    media.Filling.put = after(media.Filling.put)
elif moment == "turned":
    media.turn = after(media.turn)
elif moment == "all in place":
    restoring.drafts.put_in_place = after(drafts.put_in_place)
restoring.restore(
    Path(sys.argv[1]), Wanted(backup=Path(sys.argv[2]), discard_present=True),
    at=datetime.fromisoformat(sys.argv[3]), voice=Voice(for_machine=True),
)
"""


@pytest.mark.parametrize("keeper", [VERSIONED], indirect=True)
@pytest.mark.parametrize("moment", some(everyday=["turned"], others=["half the files", "all in place"]))
def test_a_restore_that_was_killed_leaves_the_present_working_or_is_finished(
    home: Home, keeper: Keeping, moment: str
) -> None:
    files = furnish(home)
    backup = make_backup(home.path, at=MADE, voice=SILENT).data
    change(home)
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(home.path), str(backup), TODAY.isoformat(), moment],
        env=told(home.path, **home.named),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    if moment == "half the files":
        assert files["living"] in shown(home, "kopi"), "the present works"
        restore(home.path, Wanted(backup=backup, discard_present=True), at=TODAY, voice=SILENT)
    else:
        finish(home.path, voice=SILENT)
    right(home, keeper, files)
    with pytest.raises(Trouble, match="No restore waits to be finished"):
        restoring.finish(home.path, voice=SILENT)
