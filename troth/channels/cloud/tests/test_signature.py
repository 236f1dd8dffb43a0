"""Only what an app secret of ours signed is let in."""

import hashlib
import hmac

import pytest

from troth.channels.cloud.signature import verify
from troth.channels.contract import Forged

pytestmark = pytest.mark.clause("B3.1", "X12")

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
SECRET = b"0123456789abcdef0123456789abcdef"
OLD = b"fedcba9876543210fedcba9876543210"


def signed(body: bytes = BODY, *, secret: bytes = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}


def test_our_secret_is_recognised() -> None:
    assert verify(signed(), BODY, secrets=[SECRET]) == 0


def test_while_a_secret_is_replaced_both_count() -> None:
    assert verify(signed(secret=OLD), BODY, secrets=[SECRET, OLD]) == 1


@pytest.mark.parametrize("name", ["X-Hub-Signature-256", "X-HUB-SIGNATURE-256", "x-Hub-signature-256"])
def test_the_header_is_found_however_it_is_spelt(name: str) -> None:
    assert verify({"host": "x", name: signed()["x-hub-signature-256"]}, BODY, secrets=[SECRET]) == 0


def test_the_raw_bytes_count_and_not_what_they_mean() -> None:
    with pytest.raises(Forged):
        verify(signed(), BODY.replace(b":", b": "), secrets=[SECRET])


def test_one_changed_byte_is_enough() -> None:
    with pytest.raises(Forged):
        verify(signed(), BODY[:-1] + b" ", secrets=[SECRET])


@pytest.mark.parametrize("secrets", [[], [b""], [b"", b""], [b"another"]])
def test_without_the_right_secret_nothing_passes(secrets: list[bytes]) -> None:
    with pytest.raises(Forged):
        verify(signed(), BODY, secrets=secrets)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(Forged):
        verify(signed(secret=b""), BODY, secrets=[b""])


GOOD = signed()["x-hub-signature-256"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "sha256=",
        GOOD[7:],
        GOOD[:-1],
        GOOD + "0",
        GOOD.replace("sha256=", "sha1=00"),
        GOOD.replace("sha256=", "SHA256="),
        "sha256=" + "g" * 64,
        "sha256=" + "é" * 64,
        "sha256=" + " " * 64,
        "sha256=" + "0" * 64,
        GOOD + ", " + GOOD,
        "\0" * 71,
    ],
)
def test_a_malformed_signature_is_forged(value: str) -> None:
    with pytest.raises(Forged):
        verify({"x-hub-signature-256": value}, BODY, secrets=[SECRET])


def test_no_signature_is_forged() -> None:
    with pytest.raises(Forged):
        verify({"x-hub-signature": "sha1=" + "0" * 40}, BODY, secrets=[SECRET])


def test_the_exception_tells_nothing_of_the_delivery() -> None:
    with pytest.raises(Forged) as caught:
        verify({"x-hub-signature-256": "sha256=" + "g" * 64}, b"private words", secrets=[SECRET])
    assert "private" not in repr(caught.value)
    assert "ggg" not in repr(caught.value)
    assert SECRET.decode() not in repr(caught.value)
