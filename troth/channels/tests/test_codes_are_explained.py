"""The page of codes is found by number and by word, and a stopped number says what happens and what to do."""

from tests.cast import House
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope


def test_a_code_is_found_by_its_number_and_by_its_words(house: House, browser_of: Browser) -> None:
    browser, url = browser_of("Alice"), f"/w/{house.handle}/channels/codes/"
    everything = browser.get(url).content.decode()
    assert "123 codes" in everything
    assert everything.count('class="code"') == 123
    for query, code in (("131056", "131056"), ("215", "200"), ("payment method", "131042")):
        found = browser.get(url, {"q": query}).content.decode()
        assert f'id="code-{code}"' in found
        assert found.count('class="code"') < 20
    assert "No code of WhatsApp" in browser.get(url, {"q": "no such thing"}).content.decode()


def test_the_search_answers_with_its_part(house: House, browser_of: Browser) -> None:
    part = browser_of("Alice").get(
        f"/w/{house.handle}/channels/codes/", {"q": "131047"}, headers={"HX-Target": "codes"}
    )
    assert "<html" not in part.content.decode()
    assert 'id="code-131047"' in part.content.decode()


def test_it_is_told_in_the_readers_language(house: House, browser_of: Browser) -> None:
    browser = browser_of("Alice")
    for language, words in (
        ("ms", "Hanya perbualan ini menunggu"),
        ("es", "Solo espera esta conversación"),
        ("pt", "Só esta conversa espera"),
        ("ar", "تنتظر هذه المحادثة وحدها"),
    ):
        page = browser.get(
            f"/w/{house.handle}/channels/codes/", {"q": "131056"}, headers={"Accept-Language": language}
        ).content.decode()
        assert words in page


def test_a_stopped_number_says_what_happens_by_itself_and_what_to_do(house: House, browser_of: Browser) -> None:
    with scope(house.id):
        Channel.objects.update(problem_code=190)
    url = f"/w/{house.handle}/channels/{house.channel}/"
    admins = browser_of("Alice").get(url).content.decode()
    assert "They leave by themselves once a new token works." in admins
    assert "channels/codes/?q=190" in admins
    assert "What to do:" in admins
    agents = browser_of("Bob").get(url).content.decode()
    assert "WhatsApp no longer accepts this channel&#x27;s access token." in agents
    assert "channels/codes/" not in agents


def test_only_admins_read_it(house: House, browser_of: Browser) -> None:
    assert browser_of("Bob").get(f"/w/{house.handle}/channels/codes/").status_code == 403
    assert browser_of("Charlie").get(f"/w/{house.handle}/channels/codes/").status_code == 404
