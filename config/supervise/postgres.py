"""The embedded PostgreSQL server: started, watched, stopped. The wheel gives the programs; the rest is here."""

import fcntl
import io
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from config.home import private_folder, secret
from config.supervise import initdb, leftovers, server_settings, sockets, tether
from config.supervise.account import Account, account_for
from config.supervise.binaries import Binaries, usable_by
from config.trouble import Trouble

READY_WITHIN_S = 300  # recovery after a crash can be long
STOP_WITHIN_S = 20


class Postgres:
    """One server with its data in `<home>/postgresql`. Start it from the main thread (see `tether`)."""

    def __init__(self, home: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self.folder = home / "postgresql"
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self._durable = durable
        self._settings = {**server_settings.PROMISED, **({} if durable else server_settings.CARELESS)}
        self._settings |= settings or {}
        self._lock: io.TextIOWrapper | None = None
        self._sentinel: tether.Sentinel | None = None

    def start(self) -> None:
        """Start the server and return once it answers, making its data folder first if there is none.

        Raises: Trouble, with what stands in the way and what to do.
        """
        self.take_lock()
        try:
            account = account_for(self.folder)
            binaries = usable_by(account, home=self.home)
            self._prepare(binaries, account)
            self._launch(binaries, account)
        except PermissionError as refusal:
            self.stop()
            raise Trouble(
                f"This account may not do what starting PostgreSQL in {self.home} takes ({refusal}): start Troth as the "
                "account that owns that folder, or in a container as an ordinary user."
            ) from refusal
        except BaseException:
            self.stop()
            raise

    def take_lock(self) -> None:
        """Make this process the only one that starts servers on these data. The kernel lets go when it dies.

        Raises: Trouble, when another one has it.
        """
        if self._lock is not None:
            return
        lock = (private_folder(self.home) / "postgresql.lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            lock.close()
            raise Trouble(f"The database in {self.home} is already running, started by another command.") from taken
        self._lock = lock

    def is_running_elsewhere(self) -> bool:
        """Tell whether another process has a server running on these data."""
        try:
            self.take_lock()
        except Trouble:
            return True
        self._let_go()
        return False

    def stop(self, *, within_s: float = STOP_WITHIN_S) -> None:
        """End all connections, write everything down and stop. Does nothing to a server that is not ours."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(within_s)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)  # stops at once; the next start recovers
                process.wait()
        self._let_go()

    def kill(self) -> None:
        """Kill the server and all its processes with SIGKILL, as a power cut of the program would."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGSTOP)  # so that it makes no new ones while we look
            for pid in [*leftovers.children_of(process.pid), process.pid]:
                tether.send(pid, signal.SIGKILL)
            process.wait()
        self._let_go()

    def is_running(self) -> bool:
        """Tell whether the server that we started is alive."""
        return self.process is not None and self.process.poll() is None

    def superuser_address(self, database: str = "postgres") -> str:
        """Return the URL of the superuser, which only the supervisor and the tests use."""
        password = self._superuser_password()
        return sockets.socket_address(self.home, initdb.SUPERUSER, password=password, database=database)

    def _superuser_password(self) -> str:
        return secret("database-superuser", within=self.home)

    def _prepare(self, binaries: Binaries, account: Account) -> None:
        self._own_folder(self.folder, account)
        self._own_folder(self.folder / "log", account)
        socket_folder = sockets.folder_for(self.home)
        self._own_folder(socket_folder, account)
        sockets.refuse_if_not_private(socket_folder, uid=account.uid)
        shutil.rmtree(self.data.with_name("data.init"), ignore_errors=True)
        if not self.data.exists():
            password = self._superuser_password()
            initdb.create(self.data, binaries=binaries, account=account, password=password, durable=self._durable)
        self._refuse_other_major(binaries)
        leftovers.end_previous_server(self.data, socket_folder=socket_folder)

    def _own_folder(self, path: Path, account: Account) -> None:
        if private_folder(path).stat().st_uid != account.uid:  # just made, or a start was killed in between
            account.own(path)

    def _refuse_other_major(self, binaries: Binaries) -> None:
        try:
            written_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError as missing:
            raise Trouble(
                f"The folder {self.data} holds no PostgreSQL data: move it away, or set TROTH_HOME to another folder."
            ) from missing
        if written_by != binaries.major:
            raise Trouble(
                f"The data in {self.data} were written by PostgreSQL {written_by} and this Troth brings PostgreSQL "
                f"{binaries.major}, which cannot read them: dump them with version {written_by} and load the dump here, "
                "or set TROTH_HOME to another folder."
            )

    def _launch(self, binaries: Binaries, account: Account) -> None:
        socket_folder = sockets.folder_for(self.home)
        inside = socket_folder.parent == self.folder
        command = [
            binaries.program("postgres"),
            "-D",
            initdb.place_for(self.data, account),
            "-k",
            f"../{socket_folder.name}" if inside else str(socket_folder),
            *server_settings.flags(self._settings),
        ]
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._launch_once(command, account, deadline):
            time.sleep(0.2)

    def _launch_once(self, command: list[str], account: Account, deadline: float) -> bool:
        """Start the server; return whether it is ready, or false if processes of a killed one are still leaving."""
        with tempfile.TemporaryFile() as errors:
            self.process = subprocess.Popen(
                command,
                cwd=self.data,
                env=initdb.environment(),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                start_new_session=True,  # Ctrl-C in a terminal is ours to pass on, last
                preexec_fn=tether.tied_to_parent(signal.SIGINT),  # noqa: PLW1509 - it only makes system calls
                **account.popen_options(),
            )
            self._guard(self.process.pid)
            while self.process.poll() is None:
                if self._is_ready():
                    return True
                if time.monotonic() > deadline:
                    raise Trouble(f"The database in {self.data} was not ready after {READY_WITHIN_S} seconds.")
                time.sleep(0.01)
            errors.seek(0)
            said = errors.read().decode(errors="replace") + self._last_log_lines()
        if "pre-existing shared memory block" in said and time.monotonic() < deadline:
            return False
        raise Trouble(initdb.explained(said, self.data))

    def _guard(self, pid: int) -> None:
        if tether.KERNEL_TELLS:
            return
        self._sentinel = self._sentinel or tether.Sentinel(grace_s=STOP_WITHIN_S)
        self._sentinel.guard([pid], signal_name="INT")

    def _is_ready(self) -> bool:
        # Source: PostgreSQL's miscadmin.h: line 1 of postmaster.pid is the process, line 8 its state.
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        assert self.process is not None
        return len(lines) >= 8 and lines[0].strip() == str(self.process.pid) and lines[7].strip() == "ready"

    def _last_log_lines(self) -> str:
        logs = sorted((self.folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        if not logs:
            return ""
        with logs[-1].open("rb") as file:
            file.seek(max(0, logs[-1].stat().st_size - 4000))
            return "\n" + file.read().decode(errors="replace")

    def _let_go(self) -> None:
        if self._sentinel is not None:
            self._sentinel.dismiss()
            self._sentinel = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
