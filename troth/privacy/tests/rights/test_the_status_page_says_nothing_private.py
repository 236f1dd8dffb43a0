"""The page of a request opens by a secret, shows no data, and answers alike to every secret that is none."""

import pytest
from django.test import Client

from tests.cast import House
from tests.house.canaries import canary
from troth.audit.record import Actor
from troth.contacts.models import Contact
from troth.privacy.models import Case
from troth.privacy.rights import cases
from troth.privacy.rights.cases import Opened, open_case
from troth.privacy.rights.kinds import Outcome, Proof
from troth.privacy.rights.views import limits
from troth.privacy.rights.words import KINDS, LANGUAGES, MAIL, STATUS
from troth.privacy.tests.rights.conftest import contact_named
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def opened(house: House, *, language: str = "en", words: str = "") -> Opened:
    with scope(house.id):
        person = contact_named("Mei Ling").pk
        by = Actor.system()
        return open_case("erasure", "contact", person, "app", by=by, language=language, words=words, proof=Proof.MEMBER)


@pytest.mark.clause("B7.5", "A4.2a")
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_where_a_request_stands_in_its_language_and_nothing_private(
    talked: House, client: Client, language: str
) -> None:
    words = canary()
    made = opened(talked, language=language, words=words)
    answer = client.get(f"/case/{made.token}/", headers={"Accept-Language": "en"})
    page = answer.content.decode()
    assert STATUS[language]["open"] in page
    assert KINDS[language]["erasure"] in page
    assert made.case.reference in page
    assert f'lang="{language}"' in page
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    for private in (words, "Mei Ling", "60123456789", str(made.case.subject_id), "Kopi", talked.handle):
        assert private not in page


def test_its_heads_keep_it_from_caches_engines_and_other_sites(talked: House, client: Client) -> None:
    for token in (opened(talked).token, "x" * 43):
        answer = client.get(f"/case/{token}/")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_whatever_is_no_secret_is_answered_alike(talked: House, client: Client) -> None:
    made = opened(talked)
    with scope(talked.id):
        assert isinstance(made.case, Case)
        cases.new_link(made.case)
    dead, never = made.token, "A" * 43
    answers = [client.get(f"/case/{token}/") for token in (dead, never, "x", "%00", "é")]
    assert {one.status_code for one in answers} == {404}
    # The nonce of the policy differs; nothing else does.
    assert len({one.content for one in answers}) == 1


def test_the_database_holds_no_secret_of_a_link(talked: House) -> None:
    made = opened(talked)
    with scope(talked.id):
        kept = bytes(Case.objects.get(pk=made.case.pk).token_hash)
    assert len(made.token) >= 43
    assert kept not in (made.token.encode(), b"")
    assert len(kept) == 16


@pytest.mark.clause("X21")
def test_whoever_asks_on_and_on_is_told_to_wait(talked: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TIMES_MAX", 3)
    token = opened(talked).token
    # Saying to be somebody else each time does not help.
    claims = [{"X-Forwarded-For": f"203.0.113.{turn}", "X-Real-Ip": f"203.0.113.{turn}"} for turn in range(4)]
    asked = zip((token, "x", "y", token), claims, strict=True)
    codes = [client.get(f"/case/{one}/", headers=headers).status_code for one, headers in asked]
    assert codes == [200, 404, 404, 429]


def test_it_tells_how_it_ended_and_when_it_is_late(talked: House, client: Client) -> None:
    made = opened(talked)
    with scope(talked.id):
        Case.objects.filter(pk=made.case.pk).update(due_at=made.case.opened_at)
    assert STATUS["en"]["late"] in client.get(f"/case/{made.token}/").content.decode()
    with scope(talked.id):
        case = Case.objects.get(pk=made.case.pk)
        cases.close(case, outcome=Outcome.DONE, by=Actor.system())
        assert Contact.objects.count() == 2
    assert STATUS["en"]["done"] in client.get(f"/case/{made.token}/").content.decode()


def test_every_language_says_everything() -> None:
    for said in (STATUS, KINDS, MAIL):
        assert {frozenset(words) for words in said.values()} == {frozenset(said["en"])}
        assert set(said) == set(LANGUAGES)
