"""Formats the source, mends what the linter can mend, and brings the catalogues up to date. This is what `bin/fix` becomes."""

import sys

from config import words
from config.checks import tools


def main() -> int:
    """Mend everything. Returns 1 if something is left for a person."""
    tools.run([*tools.LINT, "--fix"])
    tools.run(tools.FORMAT)
    tools.run(tools.templates())
    words.main()
    return 0 if tools.run(tools.LINT) else 1


if __name__ == "__main__":
    sys.exit(main())
