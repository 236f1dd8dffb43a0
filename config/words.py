"""`python -m config.words`: brings the catalogues in `locale/` up to date with the words of the product, in pure Python.

What was translated stays, what is new is put in without a translation, what is said no more goes. An English sentence that
changed is a new one: its translations would say the old thing.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po
from django.utils.translation import template

from config import catalogues
from config.home import CHECKOUT

# Function, and which of its arguments are words: (1, "c") is a context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
WIDTH = 120
HEAD = "What the product says. Compiled by every command in bin/ (config/catalogues.py); kept up to date by config/words.py."


def used() -> Catalog:
    """Return every word and sentence that the product says to people, with the files that say it."""
    found = Catalog()
    for path in files():
        where = path.relative_to(CHECKOUT).as_posix()
        for context, words in said(path):
            found.add(words, context=context, locations=[(where, 1)])
    return found


def files() -> list[Path]:
    """Return the files that may say something to people: no tests, and no migrations, which say what was."""
    every = [path for kind in ("py", "html", "txt") for path in (CHECKOUT / "troth").rglob(f"*.{kind}")]
    return sorted(path for path in every if not {"tests", "migrations", "static"} & set(path.parts))


def said(path: Path) -> Iterator[tuple[str | None, Any]]:
    """Yield the words of one file, each with its context: a text, or singular and plural."""
    text = path.read_text()
    if path.suffix != ".py":
        # Everything but the words has become filler; lines that begin alike are Python enough.
        text = "\n".join(line.strip() for line in template.templatize(text).splitlines())
    found: Iterable[Any] = extract_python(BytesIO(text.encode()), KEYWORDS, [], {})
    for _line, function, words, _comments in found:
        given: Sequence[str | None] = words if isinstance(words, tuple) else (words,)
        context: str | None = None
        parts: list[str] = []
        for place in KEYWORDS[function]:
            value = given[(place if isinstance(place, int) else place[0]) - 1 :][:1]
            if isinstance(place, tuple):
                context = value[0] if value else None
            elif value and value[0]:
                parts.append(value[0])
        if parts:
            yield context, tuple(parts) if len(parts) > 1 else parts[0]


def renewed(language: str, old: Catalog, words: Catalog) -> Catalog:
    """Return the catalogue of a language with these words: those that have a translation keep it."""
    new = Catalog(
        locale=language,
        header_comment=f"# {HEAD}",
        project="Troth",
        version="1",
        last_translator="Troth",
        language_team=language,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    for message in sorted((one for one in words if one.id), key=_place):
        known = old.get(_first(message.id), context=message.context)
        new.add(
            message.id,
            known.string if known is not None and isinstance(known.id, str) == isinstance(message.id, str) else "",
            locations=[(where, 1) for where in sorted({where for where, _ in message.locations})],
            context=message.context,
        )
    return new


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file, without what only says which program wrote it."""
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, include_lineno=False)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b'"Generated-By', b'"Report-Msgid-Bugs-To')))


def missing(catalogue: Catalog, words: Catalog) -> list[str]:
    """Return the words that a catalogue does not say, or says in too few plural forms."""
    return [_first(one.id) for one in words if one.id and not _is_said(catalogue, one)]


def _is_said(catalogue: Catalog, word: Any) -> bool:
    known = catalogue.get(_first(word.id), context=word.context)
    if known is None or isinstance(known.id, str) != isinstance(word.id, str):
        return False
    forms = (known.string,) if isinstance(known.string, str) else tuple(known.string or ())
    return all(forms) and (isinstance(word.id, str) or len(forms) == catalogue.num_plurals)


def _first(id: Any) -> str:
    return str(id if isinstance(id, str) else id[0])


def _place(message: Any) -> tuple[str, str, str]:
    return min(where for where, _ in message.locations), _first(message.id), message.context or ""


def main() -> None:
    """Write every catalogue anew, and say how much is not translated."""
    words = used()
    for language, source in catalogues.sources():
        new = renewed(language, catalogues.read(language, source), words)
        source.write_bytes(written(new))
        lacking = missing(new, words)
        print(f"{language}: {len(new)} said, {len(lacking)} of them not translated yet")


if __name__ == "__main__":
    main()
