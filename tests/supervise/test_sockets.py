"""Where the socket lies, and that nobody can prepare that place for us."""

import os
from pathlib import Path

import psycopg
import pytest

from config.supervise import sockets
from config.supervise.postgres import Postgres
from config.trouble import Trouble


def test_a_short_home_holds_its_own_socket() -> None:
    assert sockets.folder_for(Path("/srv/troth")) == Path("/srv/troth/postgresql/run")


def test_a_server_in_a_home_with_a_long_name_can_be_reached(tmp_path: Path) -> None:
    server = Postgres(tmp_path / ("long" * 25), durable=False)
    place = sockets.folder_for(server.home)
    assert place.parent == Path("/tmp")
    server.start()
    try:
        with psycopg.connect(server.superuser_address()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert place.stat().st_mode & 0o077 == 0
    finally:
        server.kill()
        for path in place.iterdir():
            path.unlink()
        place.rmdir()


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_socket_folder_that_is_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(Trouble, match="not private"):
        sockets.refuse_if_not_private(tmp_path, uid=os.getuid())


def test_a_link_in_place_of_the_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Trouble, match="not private"):
        sockets.refuse_if_not_private(tmp_path / "link", uid=os.getuid())


def test_a_socket_folder_of_another_account_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(Trouble, match="not private"):
        sockets.refuse_if_not_private(tmp_path, uid=os.getuid() + 1)
