"""Certificates of our own making, and a door that speaks https in front of a running product, for tests."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from troth.base.clock import now


def write_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Make a certificate for a host that nobody else vouches for; return where it and its key lie."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    known: x509.GeneralName = x509.DNSName(host)
    with suppress(ValueError):
        known = x509.IPAddress(ip_address(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return paths


class Authority:
    """A certificate authority of our own making, which vouches for whom it is told to."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.pem"
        made = self._certificate(self._subject, self._key, is_authority=True)
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def client(self, name: str) -> tuple[Path, Path]:
        """Return certificate and key of a client of this name."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._certificate(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key, is_authority=False)
        paths = self._folder / f"{self._name}-{name}.pem", self._folder / f"{self._name}-{name}.key"
        paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
        return paths

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - timedelta(days=1))
            .not_valid_after(now() + timedelta(days=7))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )


def server_context(folder: Path, host: str) -> ssl.SSLContext:
    """Return what a server needs to speak TLS under this name."""
    certificate, key = write_certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def https_before(port: int, context: ssl.SSLContext, *, listening: socket.socket) -> Iterator[None]:
    """Speak https on a listening socket, and pass every request on to a port, saying how it came.

    One request a connection, which is all that the tests need.
    """
    with listening:
        threading.Thread(target=_accept, args=(listening, context, port), daemon=True).start()
        yield


def _accept(listening: socket.socket, context: ssl.SSLContext, port: int) -> None:
    while True:
        try:
            raw, _ = listening.accept()
        except OSError:
            return  # the test is over
        threading.Thread(target=_serve, args=(raw, context, port), daemon=True).start()


def _serve(raw: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError), context.wrap_socket(raw, server_side=True) as browser:
        head, body = _request(browser)
        lines = [one for one in head if not one.lower().startswith(b"connection:")]
        lines += [b"Connection: close", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 127.0.0.1"]
        with socket.create_connection(("127.0.0.1", port)) as product:
            product.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            while piece := product.recv(65536):
                browser.sendall(piece)


def _request(browser: ssl.SSLSocket) -> tuple[list[bytes], bytes]:
    """Read one request whole: the lines of its head, and its body. Raises: ConnectionError, when it breaks off."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(browser)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    sizes = [int(line.partition(b":")[2]) for line in lines if line.lower().startswith(b"content-length:")]
    while len(body) < sum(sizes):
        body += _more(browser)
    return lines, body


def _more(browser: ssl.SSLSocket) -> bytes:
    piece = browser.recv(65536)
    if not piece:
        raise ConnectionError
    return piece
