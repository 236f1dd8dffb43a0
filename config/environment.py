"""The virtual environment: made when there is none, filled from the lock, made again when it was left half done.

Standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from config.installers import find_installer
from config.trouble import Trouble


class Extra(Enum):
    """What an environment can be filled with; the value is the name of its lock. Each contains the first."""

    RUN = "requirements"
    DEV = "requirements-dev"
    BENCH = "requirements-bench"
    PORT = "requirements-port"


class Environment:
    """The folder `.venv` of a checkout. `begun` marks it as ours; a stamp for each lock is written last."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self._begun = self.folder / "troth-begun"

    def ensure(self, extra: Extra) -> None:
        """Install what the lock names, unless that is done already.

        Raises: Trouble, with what to do.
        """
        if self._is_done(extra) and self._speaks():
            return
        try:
            with self._alone():
                if not self._is_done(extra):
                    self._make()
                    self._fill(extra)
                if not self._speaks():
                    self._compile_words()
        except OSError as refusal:
            raise Trouble(
                f"The environment {self.folder} cannot be made ({refusal.strerror}): "
                "make room (about 500 MB), see that you may write there, and start again."
            ) from refusal

    def compile_locks(self) -> None:
        """Compile every requirements*.in into a lock with hashes that names no host."""
        for source in (self.checkout / f"{extra.value}.in" for extra in Extra):
            command = [str(self.folder / "bin" / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
            command += ["--python-version=3.11", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
            subprocess.run(
                [*command, "--output-file", source.with_suffix(".txt").name, source.name], cwd=self.checkout, check=True
            )

    def run(self, module: str, *arguments: str) -> None:
        """Run one of our modules in the environment and wait for it.

        Raises: Trouble, when it fails; it has said why.
        """
        done = subprocess.run([self.python, "-P", "-m", module, *arguments], env=self._variables(), check=False)
        if done.returncode != 0:
            raise SystemExit(done.returncode)

    def become(self, module: str, arguments: list[str]) -> None:
        """Replace this process by one of our modules in the environment."""
        os.execve(self.python, [str(self.python), "-P", "-m", module, *arguments], self._variables())

    def _variables(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.checkout), "PYTHONUNBUFFERED": "1"}

    def _is_done(self, extra: Extra) -> bool:
        stamps = [self._stamp(extra)] if extra is Extra.RUN else [self._stamp(Extra.RUN), self._stamp(extra)]
        return self.python.exists() and all(
            stamp.exists() and stamp.read_text() == self._digest(kind)
            for stamp, kind in zip(stamps, [Extra.RUN, extra][-len(stamps) :], strict=True)
        )

    def _speaks(self) -> bool:
        """Return whether the translations, if there are any, are compiled as they stand."""
        if not any(self.checkout.glob("locale/*/LC_MESSAGES/django.po")):
            return True
        words = self.folder / "troth-words"
        return words.exists() and words.read_text() == self._digest_of_words()

    def _compile_words(self) -> None:
        self.run("config.catalogues")
        draft = self.folder / "troth-draft"
        draft.write_text(self._digest_of_words())
        os.replace(draft, self.folder / "troth-words")

    def _digest_of_words(self) -> str:
        digest = hashlib.sha256()
        for source in sorted(self.checkout.glob("locale/*/LC_MESSAGES/django.po")):
            digest.update(source.read_bytes() + b"\0" + str(source.with_suffix(".mo").exists()).encode())
        return digest.hexdigest()

    def _stamp(self, extra: Extra) -> Path:
        return self.folder / f"troth-{extra.value}"

    def _lock_file(self, extra: Extra) -> Path:
        return self.checkout / f"{extra.value}.txt"

    def _digest(self, extra: Extra) -> str:
        return hashlib.sha256(self._lock_file(extra).read_bytes()).hexdigest()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.checkout / ".venv.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        if self._begun.exists() and not any(self._stamp(extra).exists() for extra in Extra):
            print("An earlier setup was left half done; starting afresh.", flush=True)
            shutil.rmtree(self.folder)
        if self.python.exists():
            return
        print(f"Making the environment in {self.folder} ...", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self._begun.touch()
        _make_bare(self.folder)

    def _fill(self, extra: Extra) -> None:
        """Install a lock. While it runs there is no stamp, so that a killed one is noticed."""
        self._begun.touch()
        for kind in Extra:
            self._stamp(kind).unlink(missing_ok=True)
        install = find_installer(self.python)
        for kind in dict.fromkeys([Extra.RUN, extra]):
            print(f"Installing packages ({self._lock_file(kind).name}) ...", flush=True)
            install(self._lock_file(kind))
        for kind in dict.fromkeys([Extra.RUN, extra]):
            draft = self.folder / "troth-draft"
            draft.write_text(self._digest(kind))
            os.replace(draft, self._stamp(kind))


def _make_bare(folder: Path) -> None:
    """Make an environment without packages: the folders, the link and the file that make Python see one.

    The standard module `venv` does the same, and is missing from many installations.
    """
    base = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    (folder / "bin").mkdir()
    for name in ("python", "python3", f"python{sys.version_info[0]}.{sys.version_info[1]}"):
        (folder / "bin" / name).symlink_to(base)
    paths = {"base": str(folder), "platbase": str(folder)}
    Path(sysconfig.get_path("purelib", "venv", vars=paths)).mkdir(parents=True)
    version = ".".join(map(str, sys.version_info[:3]))
    (folder / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {version}\nexecutable = {base}\n"
    )
