"""The secrets that an installation makes for itself."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.home import home as home_folder
from config.home import private_folder, secret
from config.trouble import Trouble

pytestmark = pytest.mark.clause("X34")


def test_a_secret_is_made_once_and_kept(home: Path) -> None:
    assert secret("django", within=home) == secret("django", within=home)
    assert secret("django", within=home) != secret("dev-token", within=home)


def test_only_the_owner_may_read_a_secret(home: Path) -> None:
    secret("django", within=home)
    assert stat.S_IMODE((home / "secrets" / "django").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700


def test_all_who_ask_at_once_get_the_same_secret(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: secret("django", within=home), range(64)))
    assert len(answers) == 1
    assert [path.name for path in (home / "secrets").iterdir()] == ["django"]


def test_a_new_folder_is_private_and_an_old_one_stays_as_it_is(home: Path) -> None:
    old = home / "old"
    old.mkdir(mode=0o755)
    old.chmod(0o755)
    private_folder(old / "new" / "newer")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, old / "new", old / "new" / "newer")] == [
        0o755,
        0o700,
        0o700,
    ]


def test_a_home_that_is_a_file_is_refused_with_a_way_out(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(Trouble, match="set TROTH_HOME"):
        private_folder(home / "file" / "inside")


def test_the_home_is_what_the_environment_says(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_HOME", f"{home}/there/../here")
    assert home_folder() == home.resolve() / "here"
