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


def server_context(folder: Path, host: str) -> ssl.SSLContext:
    """Return what a server needs to speak TLS under this name."""
    certificate, key = write_certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def https_before(port: int, context: ssl.SSLContext, *, listening: socket.socket) -> Iterator[None]:
    """Speak https on a listening socket, and pass every request on to a port, saying how it came.

    One request a connection, which is all that the tests need: the first head gets our lines, the rest flows as it is.
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
        head = b""
        while b"\r\n\r\n" not in head:
            piece = browser.recv(65536)
            if not piece:
                return
            head += piece
        line, _, rest = head.partition(b"\r\n")
        lines = [
            one for one in rest.partition(b"\r\n\r\n")[0].split(b"\r\n") if not one.lower().startswith(b"connection:")
        ]
        lines += [b"Connection: close", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 127.0.0.1"]
        body = rest.partition(b"\r\n\r\n")[2]
        with socket.create_connection(("127.0.0.1", port)) as product:
            product.sendall(line + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + body)
            threading.Thread(target=_pump, args=(browser, product), daemon=True).start()
            while piece := product.recv(65536):
                browser.sendall(piece)


def _pump(source: ssl.SSLSocket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
