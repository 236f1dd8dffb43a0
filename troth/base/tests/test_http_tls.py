"""The literal address is connected, and the name is still what the certificate must prove."""

import datetime
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from troth.base.http import Client, NotSent
from troth.base.tests.test_http_servers import LOOPBACK, Visit, answers_ok, run, serving

pytestmark = pytest.mark.clause("B5.1")

VALID_FROM = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
VALID_UNTIL = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "certificate.pem", folder / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_path, key_path


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return (server side for good.example, client side that trusts it)."""
    certificate, key = certificate_for("good.example", tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    client_side = ssl.create_default_context(cafile=str(certificate))
    return server_side, client_side


async def loopback(host: str, port: int) -> Sequence[str]:
    return [LOOPBACK]


def test_the_right_name_is_served(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    names: list[str | None] = []
    tls[0].sni_callback = lambda _socket, name, _context: names.append(name)

    async def work() -> None:
        async with serving(tls=tls[0]) as server:
            trusted = [("good.example", server.port)]
            async with Client(trusted=trusted, lookup=loopback, tls=tls[1]) as client:
                answer = await client.request("GET", server.url(host="good.example", scheme="https"))
            assert (answer.status, names) == (200, ["good.example"])
            assert f"Host: good.example:{server.port}".encode() in server.requests[0]

    run(work())


def test_a_certificate_for_another_name_means_not_sent(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def work() -> None:
        async with serving(tls=tls[0]) as server:
            trusted = [("other.example", server.port)]
            async with Client(trusted=trusted, lookup=loopback, tls=tls[1]) as client:
                with pytest.raises(NotSent) as caught:
                    await client.request("POST", server.url(host="other.example", scheme="https"), json={})
            assert (caught.value.reason, server.requests) == ("tls", [])

    run(work())


def test_an_unknown_issuer_means_not_sent(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def work() -> None:
        async with serving(tls=tls[0]) as server:
            trusted = [("good.example", server.port)]
            async with Client(trusted=trusted, lookup=loopback) as client:
                with pytest.raises(NotSent) as caught:
                    await client.request("POST", server.url(host="good.example", scheme="https"), json={})
            assert (caught.value.reason, server.requests) == ("tls", [])

    run(work())


def test_a_server_that_cannot_do_tls_means_not_sent() -> None:
    async def plain(visit: Visit) -> None:
        await visit.reader.read(1)
        await visit.answer(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def work() -> None:
        for script in (plain, answers_ok):
            async with serving(script) as server, Client(trusted=server.trusted) as client:
                with pytest.raises(NotSent):
                    await client.request("POST", server.url(scheme="https"), json={}, timeout_s=0.5)
                assert server.requests == []

    run(work())
