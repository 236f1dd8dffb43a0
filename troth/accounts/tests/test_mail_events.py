"""What Resend tells of mails is believed when its signature is right, and stops notices to who does not get them."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from troth.accounts.models import User
from troth.accounts.svix import Forged, verify
from troth.base.clock import now

SECRET = "whsec_" + base64.b64encode(b"the secret of the webhook").decode()
# Source: the example in Svix's own documentation (read 2026-11-28).
EXAMPLE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE_HEADERS = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
EXAMPLE_BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.RESEND_WEBHOOK_SECRETS = [SECRET]


def told(kind: str, address: str, **bounce: str) -> dict[str, Any]:
    data: dict[str, Any] = {"email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [address], "subject": "3 wait"}
    if bounce:
        data["bounce"] = {"message": "The recipient's mail server sent it back.", **bounce}
    return {"type": kind, "created_at": "2026-11-28T09:00:00.000Z", "data": data}


def signed(body: bytes, *, secret: str = SECRET, at: datetime | None = None, id: str = "msg_1") -> dict[str, str]:
    seconds = str(int((at or now()).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.digest(key, f"{id}.{seconds}.".encode() + body, "sha256")).decode()
    return {"svix-id": id, "svix-timestamp": seconds, "svix-signature": f"v1,{mark}"}


def tell(event: dict[str, Any] | bytes, **how: Any) -> int:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = how.pop("headers", None) or signed(body, **how)
    answer = Client().post("/mail/events/", body, content_type="application/json", headers=headers)
    return int(answer.status_code)


def refused(user: User) -> str:
    user.refresh_from_db()
    assert bool(user.mail_refused_at) == bool(user.mail_refused_why)
    return user.mail_refused_why


def test_the_example_of_the_signers_documentation_is_right() -> None:
    verify(EXAMPLE_BODY, EXAMPLE_HEADERS, secrets=[EXAMPLE_SECRET], at=AT)


def test_a_mailbox_that_is_not_there_stops_notices(alice: User) -> None:
    assert tell(told("email.bounced", alice.email, type="Permanent", subType="General")) == 204
    assert refused(alice) == "bounced"


def test_a_reader_who_calls_it_unwanted_stops_notices(alice: User) -> None:
    assert tell(told("email.complained", f"Alice <{alice.email}>")) == 204
    assert refused(alice) == "complained"


@pytest.mark.parametrize(
    "event",
    [
        told("email.bounced", "alice@people.example", type="Transient", subType="MailboxFull"),
        told("email.delivery_delayed", "alice@people.example"),
        told("email.delivered", "alice@people.example"),
        told("email.opened", "alice@people.example"),
        told("email.clicked", "alice@people.example"),
        told("something.new", "alice@people.example"),
        told("email.bounced", "nobody@people.example", type="Permanent"),
    ],
)
def test_everything_else_changes_nothing(alice: User, event: dict[str, Any]) -> None:
    assert tell(event) == 204
    assert refused(alice) == ""


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b"{", b'{"type": 1}', b'{"type":"email.bounced","data":[]}']
)
def test_what_is_signed_and_makes_no_sense_changes_nothing(alice: User, body: bytes) -> None:
    assert tell(body) in (204, 400)
    assert refused(alice) == ""


BOUNCE = told("email.bounced", "alice@people.example", type="Permanent")


def test_a_forgery_changes_nothing(alice: User, settings: Any) -> None:
    body = json.dumps(BOUNCE).encode()
    right = signed(body)
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    for headers in (
        {},
        {**right, "svix-signature": ""},
        {**right, "svix-signature": "v1,AAAA"},
        {**right, "svix-signature": right["svix-signature"].replace("v1,", "v2,")},
        {**right, "svix-id": "msg_2"},
        {**right, "svix-timestamp": str(int(right["svix-timestamp"]) + 1)},
        {**right, "svix-timestamp": "soon"},
        signed(body, secret=other),
        signed(body + b" "),
    ):
        assert tell(body, headers={"X-Any": "1", **headers}) == 401
    assert refused(alice) == ""


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_at_another_time_is_a_replay(alice: User, minutes: int) -> None:
    assert tell(BOUNCE, at=now() + timedelta(minutes=minutes)) == 401
    assert refused(alice) == ""


def test_without_a_secret_nothing_is_believed(alice: User, settings: Any) -> None:
    settings.RESEND_WEBHOOK_SECRETS = []
    assert tell(BOUNCE) == 401
    settings.RESEND_WEBHOOK_SECRETS = [""]
    assert tell(BOUNCE, secret="") == 401
    assert refused(alice) == ""


def test_while_a_secret_is_replaced_both_are_right(alice: User, settings: Any) -> None:
    other = "whsec_" + base64.b64encode(b"another secret").decode()
    settings.RESEND_WEBHOOK_SECRETS = [other, SECRET]
    assert tell(BOUNCE) == 204
    assert refused(alice) == "bounced"


def test_several_signatures_may_be_given(alice: User) -> None:
    body = json.dumps(BOUNCE).encode()
    headers = signed(body)
    headers["svix-signature"] = f"v1,AAAA {headers['svix-signature']} v1a,BBBB"
    assert tell(body, headers=headers) == 204


def test_a_body_that_is_too_long_is_not_read(alice: User) -> None:
    assert tell(json.dumps({**BOUNCE, "more": "x" * 70_000}).encode()) == 413


def test_a_secret_that_is_none_proves_nothing() -> None:
    with pytest.raises(Forged):
        verify(EXAMPLE_BODY, EXAMPLE_HEADERS, secrets=["whsec_not base64!"], at=AT)
