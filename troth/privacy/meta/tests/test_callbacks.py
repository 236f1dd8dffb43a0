"""Meta's two callbacks: taken once, with the right secret, just now, in the right shape; else refused, and nothing changes."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.cast import House
from tests.house.canaries import canary
from troth.audit.models import Entry
from troth.base.clock import now
from troth.privacy.meta.tests.conftest import OUR_SECRET, Cases
from troth.privacy.models import MetaRequest

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B3.5", "X42")]

DELETION, DEAUTHORIZE = "/meta/data-deletion/", "/meta/deauthorize/"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def payload(**changes: Any) -> str:
    said: dict[str, Any] = {"algorithm": "HMAC-SHA256", "issued_at": int(now().timestamp()), "user_id": "218471"}
    said |= changes
    return encoded(json.dumps({key: value for key, value in said.items() if value is not None}).encode())


def sign(text: str, secret: str = OUR_SECRET) -> str:
    return encoded(hmac.digest(secret.encode(), text.encode(), "sha256"))


def signed(secret: str = OUR_SECRET, **changes: Any) -> str:
    text = payload(**changes)
    return f"{sign(text, secret)}.{text}"


def call(request: str | None, where: str = DELETION) -> Any:
    return Client(enforce_csrf_checks=True).post(where, {} if request is None else {"signed_request": request})


def test_a_wish_to_be_deleted_becomes_a_case_whose_page_is_told(cases: Cases) -> None:
    answer = call(signed())
    assert answer.status_code == 200
    assert answer.json() == {"url": "http://127.0.0.1:8000/case/the-token/", "confirmation_code": "AB12CD"} | {
        "url": answer.json()["url"]
    }
    assert answer.json()["url"].endswith("/case/the-token/")
    ((kind, subject, subject_id, route, _),) = cases.opened
    assert (kind, subject, subject_id, route) == ("erasure", "unknown", None, "form")
    assert MetaRequest.objects.get().case_id is not None
    assert Entry.objects.filter(action="meta.deletion", workspace_id=None).count() == 1


def test_access_taken_away_becomes_a_case_too(cases: Cases) -> None:
    assert call(signed(), DEAUTHORIZE).status_code == 200
    assert cases.opened[0][0] == "withdrawal"


def test_of_the_person_only_a_hash_is_kept(cases: Cases) -> None:
    person = canary()
    call(signed(user_id=person))
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM privacy_metarequest m")
        row = cursor.fetchone()[0]
    assert person not in row
    assert person.encode().hex() not in row


def test_a_channels_own_app_is_believed_at_its_own_address(cases: Cases, house: House) -> None:
    assert call(signed(house.secret), f"{DELETION}{house.channel}/").status_code == 200
    assert len(cases.opened) == 1


def _padded(part: str) -> str:
    return part + "=" * (-len(part) % 4)


FORGERIES: dict[str, Any] = {
    "nothing": lambda: None,
    "empty": lambda: "",
    "no dot": lambda: payload(),
    "three parts": lambda: f"{signed()}.{payload()}",
    "an empty signature": lambda: f".{payload()}",
    "an empty payload": lambda: f"{sign('')}.",
    "swapped parts": lambda: ".".join(reversed(signed().split("."))),
    "another app's secret": lambda: signed("another secret"),
    "an empty secret": lambda: signed(""),
    "a signature over the decoded payload": lambda: (
        f"{encoded(hmac.digest(OUR_SECRET.encode(), base64.urlsafe_b64decode(_padded(payload())), 'sha256'))}.{payload()}"
    ),
    "sha1": lambda: f"{encoded(hmac.digest(OUR_SECRET.encode(), payload().encode(), 'sha1'))}.{payload()}",
    "algorithm none": lambda: signed(algorithm="none"),
    "no algorithm": lambda: signed(algorithm=None),
    "another algorithm": lambda: signed(algorithm="HMAC-SHA1"),
    "a list of algorithms": lambda: signed(algorithm=["HMAC-SHA256"]),
    "unsigned with algorithm none": lambda: f"AA.{payload(algorithm='none')}",
    "a changed payload": lambda: f"{sign(payload())}.{payload(user_id='999')}",
    "standard base64": lambda: signed().replace("-", "+").replace("_", "/") + "+",
    "garbage": lambda: "!!!!.????",
    "letters of others": lambda: "ä.ö",
    "a line break": lambda: signed().replace(".", ".\n"),
    "not JSON": lambda: f"{sign(encoded(b'words'))}.{encoded(b'words')}",
    "not an object": lambda: f"{sign(encoded(b'[]'))}.{encoded(b'[]')}",
    "deep": lambda: f"{sign(encoded(b'[' * 2000))}.{encoded(b'[' * 2000)}",
    "no person": lambda: signed(user_id=None),
    "a person that is a number": lambda: signed(user_id=218471),
    "a person that is code": lambda: signed(user_id="1' OR 1=1"),
    "no time": lambda: signed(issued_at=None),
    "a time that is text": lambda: signed(issued_at="now"),
    "a time that is true": lambda: signed(issued_at=True),
    "a time beyond all": lambda: signed(issued_at=10**30),
    "from last week": lambda: signed(issued_at=int((now() - timedelta(days=7)).timestamp())),
    "from tomorrow": lambda: signed(issued_at=int((now() + timedelta(days=1)).timestamp())),
    "huge": lambda: signed(user_id="1", more="x" * 5000),
    "a megabyte": lambda: "A" * 1_000_000 + "." + payload(),
}


@pytest.mark.parametrize("where", [DELETION, DEAUTHORIZE])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused_and_changes_nothing(cases: Cases, forgery: str, where: str) -> None:
    assert call(FORGERIES[forgery](), where).status_code in (400, 401)
    assert cases.opened == []
    assert not MetaRequest.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_call_is_taken_once(cases: Cases) -> None:
    request = signed()
    assert call(request).status_code == 200
    assert call(request).status_code == 401
    assert call(request, DEAUTHORIZE).status_code == 401
    assert len(cases.opened) == 1
    with time_machine.travel(now() + timedelta(hours=2)):
        assert call(request).status_code == 401


def test_the_same_call_with_its_base64_written_otherwise_is_taken_once(cases: Cases) -> None:
    request = signed()
    assert call(request).status_code == 200
    mark, _, text = request.partition(".")
    assert call(f"{_padded(mark)}.{text}").status_code == 401
    assert call(f"{mark}.{_padded(text)}=").status_code in (400, 401)
    assert len(cases.opened) == 1


def test_the_operators_secret_does_not_speak_for_a_channel_nor_the_other_way(cases: Cases, house: House) -> None:
    assert call(signed(), f"{DELETION}{house.channel}/").status_code == 401
    assert call(signed(house.secret)).status_code == 401
    assert cases.opened == []


def test_another_channels_secret_does_not_speak_for_this_one(cases: Cases, house: House, stranger: House) -> None:
    assert call(signed(stranger.secret), f"{DELETION}{house.channel}/").status_code == 401
    assert call(signed(stranger.secret), f"{DEAUTHORIZE}{house.channel}/").status_code == 401


def test_a_channel_that_is_not_there_answers_as_a_wrong_secret_does(cases: Cases) -> None:
    assert call(signed(), f"{DELETION}01890000-0000-7000-8000-000000000001/").status_code == 401


def test_without_a_secret_nothing_is_believed(cases: Cases, settings: Any) -> None:
    settings.META_APP_SECRETS = []
    assert call(signed()).status_code == 401
    settings.META_APP_SECRETS = [""]
    assert call(signed("")).status_code == 401


def test_a_case_that_cannot_be_opened_leaves_the_call_to_come_again(cases: Cases) -> None:
    cases.fails = True
    request = signed()
    quiet = Client(raise_request_exception=False)
    assert quiet.post(DELETION, {"signed_request": request}).status_code == 500
    assert not MetaRequest.objects.exists()
    cases.fails = False
    assert call(request).status_code == 200


def test_the_example_of_metas_own_documentation_is_read() -> None:
    """Meta's example in PHP signs the second part as it stands, with the raw digest in base64url without padding."""
    from troth.privacy.meta.signed import read  # noqa: PLC0415

    text = payload(expires=1291840400)
    assert read(f"{sign(text)}.{text}", secrets=["not this", OUR_SECRET], at=now()).person == "218471"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_it_is_called_by_post_only(cases: Cases, method: str) -> None:
    assert getattr(Client(), method)(DELETION).status_code == 405
