"""One `bin/run` a home: who comes second is told where the first one is."""

import fcntl
import io
import json
import os
from pathlib import Path

from config.home import private_folder
from config.trouble import Trouble


class Claim:
    """A lock on the home that says who holds it. The kernel lets go of it when the holder dies, however that was."""

    def __init__(self, home: Path) -> None:
        self._path = private_folder(home) / "run.lock"
        self._file: io.TextIOWrapper | None = None

    def take(self) -> None:
        """Claim the home for this process.

        Raises: Trouble, when another one has it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "r+", encoding="utf-8")  # open for as long as the claim holds
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            with file:
                raise Trouble(_told(file.read())) from taken
        self._file = file

    def announce(self, url: str) -> None:
        """Write down where the product is."""
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        json.dump({"process": os.getpid(), "url": url}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _told(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"Troth is already running at {holder['url']} (process {holder['process']}); stop it there with Ctrl-C."
    except (ValueError, KeyError, TypeError):
        return "Troth is already starting from another terminal: wait for it, or stop it there with Ctrl-C."
