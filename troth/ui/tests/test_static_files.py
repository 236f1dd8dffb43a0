"""Static files get names that carry their content's hash, and find each other under them."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import AppDirectoriesFinder

from troth.ui.storage import StaticFiles
from troth.ui.tests.product import STATIC, name_of, scripts


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which all static files were gathered."""
    folder = tmp_path_factory.mktemp("static")
    storage = StaticFiles(location=str(folder), base_url="/static/")
    found = {path: (source, path) for path, source in AppDirectoriesFinder().list([])}
    for path, (source, _) in found.items():
        with source.open(path) as file:
            storage.save(path, file)
    problems = [outcome for _, _, outcome in storage.post_process(found) if isinstance(outcome, Exception)]
    assert problems == []
    return folder


def test_script_modules_import_each_other_by_their_lasting_names(gathered: Path) -> None:
    named = re.compile(r"\.[0-9a-f]{12}\.js$")
    for script in scripts():
        address = script.relative_to(script.parents[2])
        found = [path for path in gathered.glob(f"{address.with_suffix('')}.*.js") if named.search(path.name)]
        assert found, name_of(script)
        for path in found:
            for imported in re.findall(r"""(?:^|;)import[^;]*?["']([^"']+)["'];""", path.read_text(), re.MULTILINE):
                assert named.search(imported), (path.name, imported)
                assert (path.parent / imported).resolve().is_file(), imported


def test_scripts_and_styles_are_gathered_without_comments(gathered: Path) -> None:
    for found in (*gathered.glob("ui/js/*.js"), *gathered.glob("ui/css/*.css")):
        assert not found.read_text().startswith(("//", "/*")), found.name
    for vendored in (STATIC / "vendor").glob("*.js"):
        assert (gathered / "ui/vendor" / vendored.name).read_bytes() == vendored.read_bytes()


def test_files_are_there_compressed(gathered: Path) -> None:
    assert list(gathered.glob("ui/css/tokens.*.css.br"))


def test_apps_do_not_overwrite_each_others_files() -> None:
    seen: dict[str, str] = {}
    for path, storage in AppDirectoriesFinder().list([]):
        where = str(storage.location)
        assert seen.setdefault(path, where) == where
