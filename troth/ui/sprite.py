"""Build the icon sprite from an unpacked `lucide-static`: `python -m troth.ui.sprite FOLDER`.

The sprite holds only the icons listed in `icons.txt`. Run it after adding a name there.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = HERE / "icons.txt"
SPRITE = HERE / "static" / "ui" / "vendor" / "lucide-1.62.0.svg"
LICENCE = "<!-- Icons of Lucide 1.62.0, ISC licence (some MIT, from Feather): see vendor/README -->"


def symbol(name: str, *, source: str) -> str:
    """Return the icon's file as one `<symbol>` on one line."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if inner is None:
        raise ValueError(f"{name} is not an icon")
    shapes = re.sub(r"\s+", " ", inner.group(1)).replace(" />", "/>").replace("> <", "><").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def names() -> list[str]:
    """Return the icons that the product uses, as listed."""
    return NAMES.read_text().split()


def main(folder: str) -> None:
    """Write the sprite from the icons in `folder`."""
    icons = Path(folder) / "icons"
    symbols = [symbol(name, source=(icons / f"{name}.svg").read_text()) for name in names()]
    body = "\n".join([LICENCE, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])
    SPRITE.write_text(body)


if __name__ == "__main__":
    main(sys.argv[1])
