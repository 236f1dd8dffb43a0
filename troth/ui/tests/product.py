"""The files that make up the product's look, for tests that read them all."""

from pathlib import Path

TROTH = Path(__file__).resolve().parents[2]
STATIC = TROTH / "ui" / "static" / "ui"


def templates() -> list[Path]:
    """Return every HTML template of every app."""
    return sorted(TROTH.glob("*/templates/**/*.html"))


def styles() -> list[Path]:
    """Return every stylesheet of ours."""
    return sorted(TROTH.glob("*/static/**/*.css"))


def scripts() -> list[Path]:
    """Return every script of ours, without third-party files."""
    return sorted(path for path in TROTH.glob("*/static/**/*.js") if "vendor" not in path.parts)


def name_of(path: Path) -> str:
    """Return a file's name within the product, for the titles of tests."""
    return str(path.relative_to(TROTH))
