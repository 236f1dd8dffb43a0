"""The long and heavy runs that are no part of `bin/ci`. `bin/soak --help` tells what there is to choose."""
