"""Preferences come along to every browser, and a profile belongs to its person alone."""

import re

from django.test import Client, override_settings

from troth.accounts.models import User
from troth.accounts.tests.conftest import logged_in


def choose(browser: Client, **choices: str) -> None:
    answer = browser.post("/account/preferences/", {"language": "browser", "theme": "system", **choices})
    assert answer.status_code == 302, answer.content


def test_the_chosen_language_is_spoken_whatever_the_browser_asks_for(alice: User, browser: Client) -> None:
    User.objects.filter(pk=alice.pk).update(language="ar")
    page = browser.get("/account/profile/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="ar" dir="rtl"' in page


def test_only_languages_that_the_product_speaks_are_offered(browser: Client) -> None:
    offered = {"en", "ms", "es", "pt", "ar"}
    assert languages_of(browser) == offered
    with override_settings(LANGUAGES_OFFERED=["en", "ms"]):
        assert languages_of(browser) == {"en", "ms"}


def languages_of(browser: Client) -> set[str]:
    page = browser.get("/account/preferences/").content.decode()
    select = page[page.index('name="language"') : page.index("</select>")]
    return set(re.findall(r'value="([a-z]{2})"', select))


def test_without_a_choice_the_browsers_language_is_spoken(browser: Client) -> None:
    choose(browser)
    page = browser.get("/account/profile/", headers={"Accept-Language": "es"}).content.decode()
    assert '<html lang="es" dir="ltr"' in page


def test_looks_come_along_to_a_browser_that_is_new_to_the_person(alice: User, browser: Client) -> None:
    choose(browser, theme="dark")
    elsewhere = logged_in(alice)
    assert elsewhere.cookies["troth_theme"].value == "dark"
    assert elsewhere.cookies["troth_keys"].value == "off"
    assert 'data-theme="dark"' in elsewhere.get("/account/profile/").content.decode()


def test_nonsense_is_not_a_preference(alice: User, browser: Client) -> None:
    for wrong in ({"language": "tlh"}, {"theme": '"><script>'}):
        answer = browser.post("/account/preferences/", {"language": "browser", "theme": "system", **wrong})
        assert answer.status_code == 200
    alice.refresh_from_db()
    assert (alice.language, alice.theme) == ("", "system")


def test_a_profile_changes_only_what_it_shows(alice: User, browser: Client) -> None:
    browser.post(
        "/account/profile/", {"name": "Alice Lim", "phone": "+60 3-1234 5678", "email": "x@y.example", "is_active": ""}
    )
    alice.refresh_from_db()
    assert (alice.name, alice.phone) == ("Alice Lim", "+60312345678")
    assert alice.email == "alice@people.example"
    assert alice.is_active
