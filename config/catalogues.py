"""`python -m config.catalogues`: compiles the translations in `locale/`, in pure Python, wherever they are newer.

Run by every command in bin/ before it starts, through `config.environment`. The compiled files are not kept in the
repository: what stands there is what people translate (`locale/<language>/LC_MESSAGES/django.po`).
"""

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.home import CHECKOUT

FOLDER = CHECKOUT / "locale"


def sources() -> Iterator[tuple[str, Path]]:
    """Yield each language with the file of its translations."""
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/django.po")):
        yield source.parent.parent.name, source


def read(language: str, source: Path) -> Catalog:
    """Return the translations of a language. Raises: PoFileError, for a file that is broken."""
    with source.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compile_all() -> int:
    """Compile every language; return how many there are. Whoever reads meanwhile finds the old or the new file, whole."""
    count = 0
    for language, source in sources():
        out = BytesIO()
        write_mo(out, read(language, source))
        draft = source.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(out.getvalue())
        draft.replace(source.with_suffix(".mo"))
        count += 1
    return count


if __name__ == "__main__":
    sys.exit(0 if compile_all() else "There are no translations in locale/.")
