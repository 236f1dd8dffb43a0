"""What reaches a browser's cookies and storage goes through two doors, and every name that passes them is declared."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from troth.base.cookies import Cookie, Place, cookies, declaration_of

pytestmark = pytest.mark.clause("B8.1", "B8.2")

TROTH = Path(__file__).resolve().parent.parent.parent / "troth"
SCRIPTS = [path for path in TROTH.rglob("*.js") if "vendor" not in path.parts]
CODE = [path for path in TROTH.rglob("*.py") if "tests" not in path.parts]


def using(pattern: str, files: list[Path]) -> set[str]:
    return {str(path.relative_to(TROTH)) for path in files if re.search(pattern, path.read_text())}


def test_scripts_reach_storage_through_one_module_only() -> None:
    assert using(r"document\.cookie\s*=", SCRIPTS) == {"ui/static/ui/js/locally.js"}
    assert using(r"localStorage", SCRIPTS) == {"ui/static/ui/js/locally.js"}
    assert using(r"sessionStorage", SCRIPTS) == {"ui/static/ui/js/locally.js"}
    assert using(r"indexedDB|\bcaches\.|serviceWorker|cookieStore", SCRIPTS) == set()


def test_code_sets_cookies_in_one_place_only() -> None:
    """The framework's own, session and token, are the others; their names are settings."""
    assert using(r"\.set_cookie\(", CODE) == {"base/consent.py"}


def test_every_name_that_scripts_use_is_declared() -> None:
    text = "\n".join(path.read_text() for path in SCRIPTS)
    names = set(re.findall(r'remember\("([^"]+)"', text)) | set(re.findall(r'"(troth_\w+)"', text))
    assert names
    assert [name for name in names if declaration_of(Place.COOKIE, name) is None] == []
    kept = {one[1:].split("$")[0].strip("`") for one in re.findall(r"`(?:draft|outbox|fold):[^`]*`", text)}
    assert kept
    assert all(declaration_of(Place.LOCAL, f"troth:{kind}:x") for kind in ("draft", "outbox", "fold"))


def test_everything_that_is_declared_is_used() -> None:
    text = "\n".join(path.read_text() for path in SCRIPTS)
    text += "\n".join(path.read_text() for path in CODE if path.name != "cookies.py")
    unused = [one.name for one in cookies() if one.place is Place.COOKIE and f'"{one.name}"' not in text]
    assert set(unused) <= {"session", "csrf"}
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} == {"session", "csrf"}


@pytest.mark.parametrize("name", ["session", "csrf", "choice"])
def test_scripts_cannot_read_what_is_not_theirs(name: str) -> None:
    found = declaration_of(Place.COOKIE, name)
    assert found is not None
    assert not found.scripts


def test_over_https_every_cookie_is_bound_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", True)
    assert all(one.written.startswith("__Host-") for one in cookies() if one.place is Place.COOKIE)
    assert declaration_of(Place.COOKIE, "session") is None


def test_a_name_that_ends_in_a_star_covers_what_begins_so() -> None:
    draft = next(one for one in cookies() if one.name == "troth:draft:*")
    assert isinstance(draft, Cookie)
    assert draft.covers("troth:draft:a:b")
    assert not draft.covers("troth:outbox:a")
