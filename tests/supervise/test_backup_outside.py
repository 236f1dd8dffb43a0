"""A PostgreSQL of the operator's: as whom it is copied, through TLS where it wants it, and what is refused."""

import io
import ipaddress
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.backup import programs, reach, tunnel
from config.backup.backup_key import backup_key
from config.backup.chain import Reader
from config.backup.making import make_backup
from config.backup.parcels import DATABASE, Unpacker
from config.backup.reach import to_read, to_restore
from config.backup.telling import Voice
from config.supervise.binaries import installed
from config.supervise.throwaway import Cluster
from config.trouble import Trouble

AT = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
PASSWORD = "p"


@pytest.fixture(scope="module")
def server(cluster: Cluster) -> Cluster:
    """A server with the product's roles, a walled table of two workspaces, and roles of many powers."""
    owner = cluster.database("outside").owner
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE django_migrations (app text, name text)")
        connection.execute("CREATE TABLE walled (workspace_id int, said text)")
        connection.execute("INSERT INTO walled VALUES (1, 'planted-one'), (2, 'planted-two')")
        connection.execute("ALTER TABLE walled ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE walled FORCE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY wall ON walled USING (workspace_id = 1)")
    with psycopg.connect(cluster.server.superuser_address(), autocommit=True) as connection:
        for command in (
            "CREATE ROLE blind LOGIN BYPASSRLS PASSWORD 'p'",
            "CREATE ROLE keeper LOGIN BYPASSRLS PASSWORD 'p' IN ROLE pg_read_all_data",
            "CREATE ROLE reader LOGIN PASSWORD 'p' IN ROLE pg_read_all_data",
            "GRANT CONNECT ON DATABASE outside TO blind, keeper, reader",
        ):
            connection.execute(command.encode())
    return cluster


@pytest.fixture(autouse=True)
def outside(server: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DATABASE_URL names that server."""
    for name in ("TROTH_BACKUP_FOLDER", "TROTH_KEY_BACKUP_FOLDER", "TROTH_BACKUP_KEY", "RESTORE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TROTH_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", server.server.superuser_address("outside"))


def as_role(server: Cluster, role: str) -> str:
    parts = urlsplit(server.server.superuser_address("outside"))
    return parts._replace(netloc=f"{role}:{PASSWORD}@").geturl()


def dumped(home: Path) -> bytes:
    """Make a backup and return what it holds of the database, as text."""
    made = make_backup(home, at=AT, voice=Voice(for_machine=True))
    for name, parts in Unpacker(Reader(made.data, backup_key(home, make=False))).parcels():
        if name == DATABASE:
            command = [installed().program("pg_restore"), "--file=-"]
            return subprocess.run(command, input=b"".join(parts), capture_output=True, check=True).stdout
    raise AssertionError("no database in it")


def test_a_role_that_sees_all_copies_every_workspace(
    server: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_DATABASE_URL", as_role(server, "keeper"))
    found = dumped(home)
    assert b"planted-one" in found
    assert b"planted-two" in found


def test_a_role_that_row_level_security_binds_is_refused_with_a_way_out(
    server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_DATABASE_URL", as_role(server, "reader"))
    with pytest.raises(Trouble, match="role reader in BACKUP_DATABASE_URL does not see every row.*BYPASSRLS"):
        to_read(None)
    monkeypatch.delenv("BACKUP_DATABASE_URL")
    monkeypatch.setenv("DATABASE_URL", server.database("outside").owner)
    with pytest.raises(Trouble, match="role troth_owner in DATABASE_URL does not see every row.*BACKUP_DATABASE_URL"):
        to_read(None)


def test_even_past_that_look_no_row_is_left_out_in_silence(
    server: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_refuse_blind", lambda *given: None)
    monkeypatch.setenv("BACKUP_DATABASE_URL", as_role(server, "reader"))
    with pytest.raises(Trouble, match="could not be copied. The role does not see every row"):
        make_backup(home, at=AT, voice=Voice(for_machine=True))
    assert list((home / "backups" / "data").iterdir()) == []


def test_a_role_that_may_not_read_a_table_is_told_which(server: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_DATABASE_URL", as_role(server, "blind"))
    with pytest.raises(Trouble, match="role blind .* may not read the table .*GRANT pg_read_all_data TO blind"):
        to_read(None)


def test_a_server_newer_than_our_programs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "server_major", lambda connection: 99)
    with pytest.raises(Trouble, match="runs PostgreSQL 99 and this Troth brings the programs of PostgreSQL 18"):
        to_read(None)


def test_a_role_that_may_not_make_databases_cannot_restore(server: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTORE_DATABASE_URL", as_role(server, "keeper"))
    with pytest.raises(Trouble, match="role keeper in RESTORE_DATABASE_URL may not make a database for troth_owner"):
        to_restore(None)


@pytest.mark.parametrize("address", ["postgresql://[", "nonsense", "postgresql:///"])
def test_an_address_that_is_none_is_told_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(Trouble, match="DATABASE_URL is no address of a database: write it as"):
        to_read(None)


@pytest.mark.clause("X34")
def test_a_refusal_never_shows_the_password(server: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKUP_DATABASE_URL", as_role(server, "keeper").replace(":p@", ":planted-word@"))
    with pytest.raises(Trouble, match="does not let us in") as told:
        to_read(None)
    assert "planted-word" not in str(told.value)


@pytest.mark.clause("X34")
def test_no_password_stands_in_the_list_of_processes(server: Cluster) -> None:
    with to_read(None).for_programs("outside") as (address, environment):
        password = conninfo_to_dict(server.server.superuser_address("outside"))["password"]
        assert environment["PGPASSWORD"] == password
        assert str(password) not in address


@pytest.mark.parametrize(("major", "kept"), [(16, False), (17, True), (18, True)])
def test_a_script_for_an_older_server_holds_nothing_that_it_does_not_know(major: int, kept: bool) -> None:
    setting, rest = b"SET transaction_timeout = 0;\n", b"SET lock_timeout = 0;\n" + b"COPY x;\n" * 200_000
    source, target = io.BytesIO(setting + rest + setting), Kept()
    programs._pass_on(source, target, major)
    assert target.content == (setting if kept else b"") + rest + setting, "what rows say is never looked at"


class Kept(io.BytesIO):
    """Keeps what it held when it is closed."""

    content = b""

    def close(self) -> None:
        self.content = self.getvalue()
        super().close()


# TLS


@pytest.fixture
def certificate(home: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    path = home / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@contextmanager
def speaking_tls(certificate: Path, behind: str) -> Iterator[int]:
    """Stand before a server's socket and speak TLS only, as a server does that wants nothing else. Gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_serve, args=[listening, context, behind], daemon=True).start()
        yield listening.getsockname()[1]


def _serve(listening: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=[client, context, behind], daemon=True).start()


def _answer(client: socket.socket, context: ssl.SSLContext, behind: str) -> None:
    with client:
        if client.recv(8)[4:] != (80877103).to_bytes(4, "big"):
            return  # in clear: not here
        client.sendall(b"S")
        try:
            near = context.wrap_socket(client, server_side=True)
        except OSError:
            return
        far = socket.socket(socket.AF_UNIX)
        far.connect(behind)
        near.settimeout(0.02)
        far.settimeout(0.02)
        with near, far:
            while _passed(near, far) and _passed(far, near):
                pass


def _passed(source: Any, target: Any) -> bool:
    """Pass on what there is; tell whether the source is still open. One thread, since TLS bears no two."""
    try:
        data = source.recv(65536)
    except TimeoutError:
        return True
    except OSError:
        return False
    if data:
        target.settimeout(None)
        target.sendall(data)
        target.settimeout(0.02)
    return bool(data)


@pytest.fixture
def encrypted(server: Cluster, certificate: Path) -> Iterator[str]:
    """Yield the address of the server behind TLS, without the settings that say how it is checked."""
    told = conninfo_to_dict(server.server.superuser_address("outside"))
    with speaking_tls(certificate, f"{told['host']}/.s.PGSQL.5432") as port:
        address = make_conninfo("", **{**told, "host": "127.0.0.1", "port": str(port)})
        yield address


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full", "prefer"])
def test_a_server_that_wants_tls_is_copied_through_it(
    encrypted: str, certificate: Path, home: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    checked = {"sslrootcert": str(certificate)} if mode.startswith("verify") else {}
    monkeypatch.setenv("DATABASE_URL", make_conninfo(encrypted, sslmode=mode, **checked))
    assert b"planted-two" in dumped(home)


def test_a_server_that_the_tunnel_does_not_trust_gets_no_word_from_it(
    encrypted: str, certificate: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", make_conninfo(encrypted, sslmode="verify-full", sslrootcert=str(certificate)))
    monkeypatch.setattr(tunnel, "_context", lambda options: ssl.create_default_context())
    with pytest.raises(Trouble, match="could not be copied"):
        make_backup(home, at=AT, voice=Voice(for_machine=True))


@pytest.mark.parametrize(
    ("mode", "root", "certificate_counts", "name_counts"),
    [
        ("prefer", False, False, False),
        ("require", False, False, False),
        ("require", True, True, False),
        ("verify-ca", True, True, False),
        ("verify-full", True, True, True),
    ],
)
def test_the_tunnel_checks_what_the_driver_checks(
    certificate: Path, mode: str, root: bool, certificate_counts: bool, name_counts: bool
) -> None:
    context = tunnel._context({"sslmode": mode, **({"sslrootcert": str(certificate)} if root else {})})
    assert (context.verify_mode == ssl.CERT_REQUIRED, context.check_hostname) == (certificate_counts, name_counts)
