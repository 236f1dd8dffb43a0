"""The virtual environment: made once, made again when it was left half done."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import environment as subject
from config.environment import Environment, Extra
from config.home import CHECKOUT
from config.trouble import Trouble


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was installed, in order; nothing is fetched."""
    done: list[str] = []

    def find_installer(_python: Path) -> Callable[[Path], None]:
        return lambda lock: done.append(lock.name)

    monkeypatch.setattr(subject, "find_installer", find_installer)
    return done


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for extra in Extra:
        (tmp_path / f"{extra.value}.txt").write_text("")
    return tmp_path


def test_the_second_time_nothing_is_done(checkout: Path, installed: list[str]) -> None:
    Environment(checkout).ensure(Extra.RUN)
    Environment(checkout).ensure(Extra.RUN)
    assert installed == ["requirements.txt"]


def test_the_environment_runs_python_with_a_place_of_its_own_for_packages(checkout: Path, installed: list[str]) -> None:
    Environment(checkout).ensure(Extra.RUN)
    question = "import sys, sysconfig; print(sys.prefix, sysconfig.get_path('purelib'), sys.base_prefix != sys.prefix)"
    python = checkout / ".venv" / "bin" / "python"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=True).stdout.split()
    assert answer[0] == str(checkout / ".venv")
    assert Path(answer[1]).is_dir()
    assert answer[1].startswith(answer[0])
    assert answer[2] == "True"


def test_a_lock_that_changed_is_installed_again(checkout: Path, installed: list[str]) -> None:
    Environment(checkout).ensure(Extra.RUN)
    (checkout / "requirements.txt").write_text("# newer")
    Environment(checkout).ensure(Extra.RUN)
    assert installed == ["requirements.txt"] * 2


def test_what_tests_need_comes_on_top(checkout: Path, installed: list[str]) -> None:
    Environment(checkout).ensure(Extra.DEV)
    Environment(checkout).ensure(Extra.RUN)
    assert installed == ["requirements.txt", "requirements-dev.txt"]


def test_an_environment_that_was_left_half_done_is_made_afresh(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, installed: list[str]
) -> None:
    def cut_short(_lock: Path) -> None:
        (checkout / ".venv" / "half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(subject, "find_installer", lambda _python: cut_short)
        with pytest.raises(KeyboardInterrupt):
            Environment(checkout).ensure(Extra.RUN)
    Environment(checkout).ensure(Extra.RUN)
    assert installed == ["requirements.txt"]
    assert not (checkout / ".venv" / "half").exists()


def test_an_environment_whose_python_has_gone_is_made_afresh(checkout: Path, installed: list[str]) -> None:
    Environment(checkout).ensure(Extra.RUN)
    for link in (checkout / ".venv" / "bin").iterdir():
        link.unlink()
        link.symlink_to("/nonexistent/python")
    Environment(checkout).ensure(Extra.RUN)
    assert installed == ["requirements.txt"] * 2
    assert (checkout / ".venv" / "bin" / "python").exists()


def test_a_disk_that_refuses_is_told_in_one_sentence(checkout: Path, installed: list[str]) -> None:
    (checkout / ".venv").write_text("a file where the folder should be")
    with pytest.raises(Trouble, match=r"cannot be made .* start again"):
        Environment(checkout).ensure(Extra.RUN)


@pytest.mark.parametrize(("version", "told"), [("3.10", "found 3.10"), ("2.7", "found 2.7"), (None, "found none")])
def test_a_python_that_is_too_old_is_told_in_one_sentence(tmp_path: Path, version: str | None, told: str) -> None:
    launch = tmp_path / "bin" / "launch"
    launch.parent.mkdir()
    text = (CHECKOUT / "bin" / "launch").read_text()
    assert " /usr/bin/python3;" in text
    launch.write_text(text.replace(" /usr/bin/python3;", ";"))
    launch.chmod(0o755)
    path = tmp_path / "path"
    path.mkdir()
    (path / "dirname").symlink_to("/usr/bin/dirname")
    if version is not None:
        (path / "python3").write_text(f"#!/bin/sh\necho {version}\n")
        (path / "python3").chmod(0o755)
    done = subprocess.run([launch, "run"], env={"PATH": str(path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Troth needs Python 3.11 or newer" in done.stderr
    assert told in done.stderr


def test_a_newer_python_is_found_beside_an_old_one(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\necho 3.9\n")
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "python3.13").write_text(f'#!/bin/sh\nexec {os.path.realpath(sys.executable)} "$@"\n')
    (tmp_path / "python3.13").chmod(0o755)
    bare = tmp_path / "checkout" / "bin"
    bare.mkdir(parents=True)
    (bare / "launch").write_text((CHECKOUT / "bin" / "launch").read_text())
    (bare / "launch").chmod(0o755)
    (bare.parent / "config").mkdir()
    (bare.parent / "config" / "start.py").write_text("import sys; print('started', sys.argv[1:])")
    path = f"{tmp_path}:/usr/bin:/bin"
    done = subprocess.run(
        [bare / "launch", "run", "-x"], env={"PATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "started ['run', '-x']\n"
