"""What every command in bin/ does first: make sure of the environment, then become the program meant.

Standard library only, and any Python >= 3.11: the environment may not exist yet.
"""

import os
import sys
from dataclasses import dataclass

from config.environment import Environment, Extra
from config.home import CHECKOUT
from config.trouble import Trouble


@dataclass(frozen=True)
class Command:
    """A module to become, its first arguments, and what has to be installed for it."""

    module: str
    arguments: tuple[str, ...] = ()
    extra: Extra = Extra.RUN


COMMANDS = {
    "run": Command("config.supervise.run"),
    "dev": Command("config.supervise.run", ("--reload",)),
    "console": Command("config.supervise.console"),
    "graph": Command("config.supervise.console", ("try_version",)),
    "backup": Command("config.backup.backup"),
    "restore": Command("config.backup.restore"),
    "sandbox": Command("sandbox"),
    "bench": Command("bench", extra=Extra.BENCH),
    "soak": Command("tests.soak", extra=Extra.DEV),
    "test": Command("config.checks.test", extra=Extra.DEV),
    "ci": Command("config.checks.ci", extra=Extra.DEV),
    "fix": Command("config.checks.fix", extra=Extra.DEV),
    "promises": Command("config.checks.promises", extra=Extra.DEV),
}


def main(arguments: list[str]) -> None:
    """Become the command named first, in an environment that has what it needs."""
    name, *rest = arguments
    environment = Environment(CHECKOUT)
    if name == "setup":
        _set_up(environment, rest)
        return
    command = COMMANDS[name]
    environment.ensure(command.extra)
    environment.become(command.module, [*command.arguments, *rest])


def _set_up(environment: Environment, options: list[str]) -> None:
    unknown = set(options) - {"--dev", "--bench", "--port", "--lock"}
    if unknown:
        raise Trouble(f"bin/setup knows --dev, --bench, --port and --lock, not {' '.join(sorted(unknown))}.")
    if "--lock" in options:
        environment.ensure(Extra.DEV)
        environment.compile_locks()
    environment.ensure(Extra.RUN)
    for option, extra in (("--dev", Extra.DEV), ("--bench", Extra.BENCH), ("--port", Extra.PORT)):
        if option in options:
            environment.ensure(extra)
    if "--dev" in options:
        environment.run("config.checks.browser")
    print("Ready: start with bin/run.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os._exit(0)
