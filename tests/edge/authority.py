"""Who vouches for the servers: an authority for TLS, and another one for the connection within.

The engine takes the first from the file that `SSL_CERT_FILE` names. The second is fixed in its library; the process of the
port exchanges those 32 bytes in its own memory (`trust.py`).
"""

import datetime as dt
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.edge import protos
from tests.edge.curve import Keys

HOSTS = ("web.whatsapp.com", "*.whatsapp.net", "*.whatsapp.com")
_ROOT, _BETWEEN, _LEAF = 0, 1, 2
_DAY = dt.timedelta(days=1)


@dataclass
class NoiseAuthority:
    """The authority within, and the key that the server greets with."""

    root: Keys = field(default_factory=Keys)
    server: Keys = field(default_factory=Keys)

    def certificate(self, at_s: int) -> bytes:
        """Return what vouches for the server's key, good from a day before this instant until a day after."""
        between = Keys()
        chain = protos.certificates().CertChain()
        _vouch(chain.intermediate, self.root, between.public, _BETWEEN, by=_ROOT, at_s=at_s)
        _vouch(chain.leaf, between, self.server.public, _LEAF, by=_BETWEEN, at_s=at_s)
        data: bytes = chain.SerializeToString()
        return data


def tls(folder: Path, at: dt.datetime) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a new authority, and what a server speaks TLS with."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _builder("The edge", "The edge", authority.public_key(), at).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    leaf = _builder(HOSTS[0], "The edge", key.public_key(), at).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False
    )
    file, server = folder / "authority.pem", folder / "server.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(pem))
    server.write_bytes(
        leaf.sign(authority, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    return file, context


def _vouch(certificate: Any, issuer: Keys, key: bytes, serial: int, *, by: int, at_s: int) -> None:
    details = protos.certificates().CertChain.NoiseCertificate.Details(
        serial=serial, issuerSerial=by, key=key, notBefore=at_s - 86_400, notAfter=at_s + 86_400
    )
    text = details.SerializeToString()
    certificate.details, certificate.signature = text, issuer.sign(text)


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey, at: dt.datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _DAY)
        .not_valid_after(at + _DAY)
    )
