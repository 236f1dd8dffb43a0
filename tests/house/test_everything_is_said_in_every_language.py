"""Whatever the product says, it says in each language that it offers: whole, with the same blanks to fill, and nothing stale."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from config import catalogues, words
from troth.channels.cloud.meanings import sentences

SOURCES = dict(catalogues.sources())
OFFERED = [language for language in settings.LANGUAGES_OFFERED if language != settings.LANGUAGE_CODE]
BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{[a-z_0-9.!:,]*\}")


@pytest.fixture(scope="module")
def said() -> Catalog:
    return words.used()


def catalogue(language: str) -> Catalog:
    return catalogues.read(language, SOURCES[language])


def test_the_languages_offered_are_the_products() -> None:
    assert set(OFFERED) <= set(SOURCES)
    assert {language for language, _ in settings.LANGUAGES} == {settings.LANGUAGE_CODE, *SOURCES}


def test_words_are_found_in_code_and_in_templates(said: Catalog) -> None:
    """The control: a search that finds nothing would make the rest of this file say nothing."""
    assert said.get("Conversation") is not None or len(said) > 3_000
    assert any(isinstance(one.id, tuple | list) for one in said)
    assert any(one.context for one in said)


@pytest.mark.parametrize("language", OFFERED)
def test_nothing_is_left_untranslated(language: str, said: Catalog) -> None:
    assert words.missing(catalogue(language), said) == []


def test_what_is_not_translated_is_missed(said: Catalog) -> None:
    language = next(iter(SOURCES))
    found = catalogue(language)
    one = next(message for message in said if message.id and found.get(words._first(message.id), message.context))
    found.delete(words._first(one.id), context=one.context)
    assert words._first(one.id) in words.missing(found, said)


@pytest.mark.parametrize("language", SOURCES)
def test_a_catalogue_is_as_bin_fix_writes_it(language: str, said: Catalog) -> None:
    """No sentence stays in it that the product says no more."""
    found = catalogue(language)
    assert words.written(words.renewed(language, found, said)) == SOURCES[language].read_bytes(), "run bin/fix"


@pytest.mark.parametrize("language", SOURCES)
def test_what_is_compiled_is_what_stands_there(language: str) -> None:
    with override(language):
        for one in catalogue(language):
            if isinstance(one.id, str) and one.id:
                assert (pgettext(one.context, one.id) if one.context else gettext(one.id)) == one.string


@pytest.mark.parametrize("language", OFFERED)
def test_each_of_whatsapps_codes_is_told_in_its_own_words(language: str) -> None:
    found = catalogue(language)
    for sentence in sentences():
        assert (one := found.get(sentence)) is not None
        assert one.string not in ("", sentence)


@pytest.mark.parametrize("language", SOURCES)
def test_a_translation_has_the_blanks_and_the_tags_of_what_it_translates(language: str) -> None:
    wrong = [
        f"{one.id!r}: {form!r}" for one in catalogue(language) if one.id for form in _forms(one) if _differs(one, form)
    ]
    assert wrong == []


def _forms(message: Message) -> list[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return [form for form in forms if form]


def _differs(message: Message, form: str) -> bool:
    if isinstance(message.id, str):
        return _blanks(form) != _blanks(message.id) or _tags(form) != _tags(message.id)
    # A form for one or two may leave the number out.
    return not set(_blanks(form)) <= set(_blanks(message.id[0])) | set(_blanks(message.id[1]))


def _blanks(text: str) -> Counter[str]:
    return Counter(BLANK.findall(text))


def _tags(text: str) -> Counter[Any]:
    reader = _Tags()
    reader.feed(text)
    return reader.found


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[Any] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, tuple(attrs)] += 1

    def handle_endtag(self, tag: str) -> None:
        self.found[f"/{tag}"] += 1
