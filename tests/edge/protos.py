"""What describes the protocol's messages: taken from the engine as it is installed."""

from functools import cache
from importlib import import_module
from typing import Any

from port.drivers.neonize import library


@cache
def part(name: str) -> Any:
    """Return a module of definitions, by its path below `neonize.proto`."""
    library.e2e()  # makes the package known without running it
    return import_module(f"{library.NAME}.proto.{name}")


def adv() -> Any:
    """Return what describes who vouches for a device."""
    return part("waAdv.WAAdv_pb2")


def handshake() -> Any:
    """Return what describes the first words of a connection."""
    return part("waWa6.WAWebProtobufsWa6_pb2")


def certificates() -> Any:
    """Return what describes who vouches for the servers."""
    return part("waCert.WACert_pb2")


def e2e() -> Any:
    """Return what describes messages."""
    return library.e2e()


def history() -> Any:
    """Return what describes the past."""
    return part("waHistorySync.WAWebProtobufsHistorySync_pb2")
