"""Formats the source and mends what the linter can mend. This is what `bin/fix` becomes."""

import sys

from config.checks import tools


def main() -> int:
    """Mend everything. Returns 1 if something is left for a person."""
    tools.run([*tools.LINT, "--fix"])
    tools.run(tools.FORMAT)
    tools.run(tools.templates())
    return 0 if tools.run(tools.LINT) else 1


if __name__ == "__main__":
    sys.exit(main())
