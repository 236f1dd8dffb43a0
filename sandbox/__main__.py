"""`python -m sandbox serve | deliver | say`."""

import sys

from sandbox.commands import main

sys.exit(main(sys.argv[1:]))
