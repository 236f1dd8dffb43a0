"""What WhatsApp's codes mean is told in every language of the product, with nothing left out and nothing left over."""

import re

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

from config.catalogues import read, sources
from troth.channels.cloud.meanings import sentences

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
HOLE = re.compile(r"%\(\w+\)s|%%")


def test_there_is_a_catalogue_for_each_language() -> None:
    assert sorted(language for language, _source in sources()) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_table_is_there(language: str) -> None:
    catalogue = read(language, dict(sources())[language])
    for sentence in sentences():
        found = catalogue.get(sentence)
        assert found is not None, f"{language} lacks: {sentence}"
        assert found.string
        assert not found.fuzzy
        assert found.string != sentence
        assert sorted(HOLE.findall(sentence)) == sorted(HOLE.findall(str(found.string)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_stands_there(language: str) -> None:
    catalogue = read(language, dict(sources())[language])
    with override(language):
        for message in catalogue:
            if isinstance(message.id, str) and message.id:
                assert gettext(message.id) == message.string
