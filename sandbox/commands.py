"""The command line: serve the sandbox, deliver stored webhooks, speak as a customer."""

import argparse

from sandbox.serve import run
from sandbox.settings import from_environment


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    settings = from_environment(seed=getattr(options, "seed", None))
    if options.command == "serve":
        return run(settings, with_parent=options.with_parent)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/sandbox", description="A stand-in for Meta's Graph API on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the stand-in")
    serve.add_argument("--seed", help="what all chance and all ids are made from (SANDBOX_SEED)")
    serve.add_argument("--with-parent", action="store_true", help="stop when the starting process is gone")
    return parser
