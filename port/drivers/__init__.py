"""The engines. Each is loaded in the process of its port only, so that none is loaded that is not used."""

from importlib import import_module
from importlib.util import find_spec

from port import wire
from port.contract import Driver

ENGINES = {"simulated": "port.drivers.simulated", "neonize": "port.drivers.neonize"}
# What has to be installed for an engine, beside what the gateway itself needs.
NEEDS = {"neonize": "neonize"}


def make(begin: wire.Begin) -> Driver:
    """Return the engine of a port. Raises: KeyError, for one that is not known."""
    made: Driver = import_module(ENGINES[begin.driver]).driver(begin)
    return made


def is_there(name: str) -> bool:
    """Return whether an engine is known and can be loaded here."""
    needed = [ENGINES[name], *([NEEDS[name]] if name in NEEDS else [])] if name in ENGINES else []
    return bool(needed) and all(find_spec(one) is not None for one in needed)
