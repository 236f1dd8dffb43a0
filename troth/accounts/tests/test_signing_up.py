"""Signing up proves an address before anything else happens, tells nobody who has an account, and keeps children out."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from troth.accounts.models import Session, User
from troth.accounts.terms import current_version
from troth.accounts.tests.conftest import PASSWORD, logged_in, mailed_code, mails, person, words_of
from troth.base.clock import now

FORM = {
    "name": "Dora Ng",
    "email": "dora@people.example",
    "company": "Dora's Bakery",
    "phone": "",
    "password1": PASSWORD,
    "birth_year": "1990",
    "terms": "on",
}


@pytest.fixture
def form(db: Any) -> dict[str, str]:
    return {**FORM, "terms_version": current_version()}


def sign_up(client: Client, form: dict[str, str]) -> Any:
    return client.post("/account/signup/", form)


@pytest.mark.clause("A2.1")
def test_whoever_types_the_code_is_in(form: dict[str, str]) -> None:
    client = Client()
    assert sign_up(client, form).headers["Location"] == "/account/address/"
    assert client.get("/account/profile/").status_code == 302
    answer = client.post("/account/address/", {"code": mailed_code()})
    assert answer.headers["Location"] == "/"
    assert client.get("/account/profile/").status_code == 200
    user = User.objects.get()
    assert (user.name, user.email, user.phone) == ("Dora Ng", "dora@people.example", None)
    assert EmailAddress.objects.get().verified


@pytest.mark.clause("B1.1")
def test_the_password_is_hashed_with_argon2id(form: dict[str, str]) -> None:
    sign_up(Client(), form)
    stored = User.objects.get().password
    assert identify_hasher(stored).algorithm == "argon2"
    assert "$argon2id$" in stored


@pytest.mark.clause("A0.4")
def test_the_terms_that_were_shown_are_kept_with_the_account(form: dict[str, str]) -> None:
    sign_up(Client(), form)
    user = User.objects.get()
    assert user.terms_version == current_version()
    assert user.terms_accepted_at is not None


@pytest.mark.clause("A0.4")
def test_terms_that_changed_meanwhile_have_to_be_accepted_again(
    form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("troth.accounts.terms._in_force", lambda: "2027-01-01")
    answer = sign_up(Client(), form)
    assert not User.objects.exists()
    assert 'value="2027-01-01"' in answer.content.decode()


def test_a_wrong_code_three_times_ends_the_attempt(form: dict[str, str]) -> None:
    client = Client()
    sign_up(client, form)
    code = mailed_code()
    for _ in range(3):
        client.post("/account/address/", {"code": "XXXX-XXXX"})
    client.post("/account/address/", {"code": code})
    assert client.get("/account/profile/").status_code == 302
    assert not EmailAddress.objects.get().verified


def test_the_code_works_only_in_the_browser_that_signed_up(form: dict[str, str]) -> None:
    attacker, victim = Client(), Client()
    sign_up(attacker, form)
    victim.post("/account/address/", {"code": mailed_code()})
    assert not EmailAddress.objects.get().verified


@pytest.mark.clause("X33")
def test_an_address_that_has_an_account_gets_the_same_answer_and_another_mail(
    form: dict[str, str], alice: User
) -> None:
    stranger, taken = Client(), Client()
    answers = [sign_up(stranger, form), sign_up(taken, {**form, "email": alice.email})]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/account/address/")}
    assert words_of(stranger.get("/account/address/"), without=form["email"]) == words_of(
        taken.get("/account/address/"), without=alice.email
    )
    assert "There is an account with it already" in mails()[-1]
    assert User.objects.filter(email=alice.email).count() == 1


@pytest.mark.clause("X33")
def test_an_address_that_has_an_account_costs_the_same_work(
    form: dict[str, str], alice: User, hashed: list[str]
) -> None:
    sign_up(Client(), form)
    for_a_stranger = len(hashed)
    sign_up(Client(), {**form, "email": alice.email})
    assert len(hashed) == 2 * for_a_stranger > 0


@pytest.mark.clause("X6")
def test_whoever_signed_up_with_anothers_address_gives_way_to_its_owner(form: dict[str, str]) -> None:
    attacker, owner = Client(), Client()
    sign_up(attacker, {**form, "name": "Mallory", "password1": "the attacker's own password"})
    attackers_code = mailed_code()
    assert sign_up(owner, form).status_code == 302
    owner.post("/account/address/", {"code": mailed_code()})
    user = User.objects.get()
    assert user.name == "Dora Ng"
    assert user.check_password(PASSWORD)
    attacker.post("/account/address/", {"code": attackers_code})
    assert attacker.get("/account/profile/").status_code == 302


@pytest.mark.clause("X6")
def test_an_unproven_account_cannot_log_in(form: dict[str, str]) -> None:
    sign_up(Client(), form)
    client = Client()
    client.post("/account/login/", {"login": form["email"], "password": PASSWORD})
    assert client.get("/account/profile/").status_code == 302


@pytest.mark.clause("B9.1")
@pytest.mark.parametrize("years", [5, 15, 16])
def test_whoever_may_be_under_sixteen_is_refused_and_nothing_is_kept(form: dict[str, str], years: int) -> None:
    client = Client()
    answer = sign_up(client, {**form, "birth_year": str(now().year - years)})
    assert not User.objects.exists()
    assert mails() == []
    assert not re.search(r"\b(16|17|sixteen|age|old|young|birth|year)\b", words_of(answer), re.IGNORECASE)


@pytest.mark.clause("B9.1")
def test_another_year_in_the_same_browser_does_not_help(form: dict[str, str]) -> None:
    client = Client()
    sign_up(client, {**form, "birth_year": str(now().year - 10)})
    sign_up(client, form)
    assert not User.objects.exists()
    assert "birth_year" not in client.get("/account/signup/").content.decode()


@pytest.mark.clause("B9.1")
def test_a_refusal_holds_even_if_the_rest_of_the_form_was_wrong(form: dict[str, str]) -> None:
    client = Client()
    sign_up(client, {**form, "birth_year": str(now().year - 10), "password1": "short"})
    sign_up(client, form)
    assert not User.objects.exists()


@pytest.mark.clause("B9.1")
def test_going_back_and_a_new_window_do_not_help_either(form: dict[str, str]) -> None:
    client = Client()
    sign_up(client, {**form, "birth_year": str(now().year - 12)})
    client.get("/account/logout/")
    client.post("/account/logout/")
    assert "birth_year" not in client.get("/account/signup/?again=1").content.decode()
    sign_up(client, {**form, "birth_year": "1980", "email": "another@people.example"})
    assert not User.objects.exists()


@pytest.mark.clause("B9.1")
@pytest.mark.parametrize("typed", ["0012", "87", "1850", "2999", "last year", "", "-1"])
def test_what_is_no_year_is_asked_again_without_a_hint(form: dict[str, str], typed: str) -> None:
    client = Client()
    words = words_of(sign_up(client, {**form, "birth_year": typed}))
    assert not User.objects.exists()
    assert "16" not in words
    assert "birth_year" in client.get("/account/signup/").content.decode()


@pytest.mark.clause("B9.1")
def test_no_field_anywhere_keeps_a_birth_date() -> None:
    from django.apps import apps  # noqa: PLC0415

    names = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    assert [name for name in names if re.search(r"birth|born|(^|_)age($|_)", name)] == []


@pytest.mark.clause("B9.1")
def test_the_form_does_not_tell_which_year_passes(form: dict[str, str]) -> None:
    page = Client().get("/account/signup/").content.decode()
    field = page[page.index('name="birth_year"') - 200 : page.index('name="birth_year"') + 200]
    assert "min=" not in field
    assert "max=" not in field
    assert "16" not in field


@pytest.mark.clause("B9.1")
def test_the_year_of_birth_is_stored_nowhere(form: dict[str, str]) -> None:
    client = Client()
    sign_up(client, {**form, "birth_year": "1987"})
    user = User.objects.get()
    assert not any("1987" in str(value) for value in vars(user).values())
    assert not any("1987" in str(session.session_data) for session in Session.objects.all())


@pytest.mark.parametrize("typed", ["123", "not a number", "+60 3-1234 5678 ext", "0123456789"])
def test_a_phone_number_that_is_none_is_explained(form: dict[str, str], typed: str) -> None:
    sign_up(Client(), {**form, "phone": typed})
    assert not User.objects.exists()


def test_a_phone_number_is_kept_in_international_form(form: dict[str, str]) -> None:
    sign_up(Client(), {**form, "phone": "+60 3-1234 5678"})
    assert User.objects.get().phone == "+60312345678"


@pytest.mark.parametrize("name", ["Win at https://evil.example", "www.evil.example", "<b>bold</b>"])
def test_a_name_is_no_place_for_advertising(form: dict[str, str], name: str) -> None:
    sign_up(Client(), {**form, "name": name})
    assert not User.objects.exists()


@pytest.mark.clause("A2.1", "X3")
def test_fields_that_nobody_asked_for_are_ignored(form: dict[str, str]) -> None:
    sign_up(Client(), {**form, "is_active": "", "id": str(person("Bob").pk), "terms_accepted_at": "1999-01-01"})
    user = User.objects.get(email=form["email"])
    assert user.is_active
    assert user.terms_accepted_at is not None
    assert user.terms_accepted_at.year == now().year


def test_whoever_is_logged_in_does_not_sign_up(form: dict[str, str], alice: User) -> None:
    client = logged_in(alice)
    assert sign_up(client, form).status_code == 302
    assert User.objects.count() == 1
