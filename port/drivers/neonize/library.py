"""Loads `neonize`, or of it only what describes messages: never what would fetch an address or guess at a file.

Its front door imports libraries for pictures, link previews and HTTP. Nothing here uses them, so what could reach out by
itself is replaced by something that refuses, before the package runs a line.
Source: neonize 0.5.2 (read 2026-11-30).
"""

import logging
import os
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NoReturn

NAME = "neonize"
_REACHES_OUT = ("magic", "linkpreview", "httpx", "requests")


class ReachesOut(Exception):
    """Something of the package wanted to fetch an address or read a file."""


class _Refuses(ModuleType):
    """Stands where a library would that is not wanted here."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _refuse


@cache
def e2e() -> Any:
    """Return what describes messages as they are said."""
    return _part("waE2E.WAWebProtobufsE2E_pb2")


@cache
def told() -> Any:
    """Return what describes the library's own events."""
    return _part("Neonize_pb2")


@cache
def device() -> Any:
    """Return what describes a linked device."""
    return _part("waCompanionReg.WAWebProtobufsCompanionReg_pb2")


@cache
def client() -> Any:
    """Return the module of the client. From then on Go runs in this process, and this process logs nothing."""
    os.environ["NEONIZE_BOT_TAG"] = "off"  # else it marks what people say as said by a bot
    _bare()
    for name in _REACHES_OUT:
        sys.modules.setdefault(name, _Refuses(name))
    module: Any = import_module(f"{NAME}.client")
    logging.disable(logging.CRITICAL)
    module.log_whatsmeow = _hear_no_log
    return module


def events() -> Any:
    """Return the module of the client's events."""
    client()
    return import_module(f"{NAME}.events")


def errors() -> Any:
    """Return the class of all that the client raises."""
    client()
    return import_module(f"{NAME}.exc").NeonizeError


def installed_version() -> str:
    """Return which version is installed."""
    return version(NAME)


def _part(name: str) -> Any:
    _bare()
    return import_module(f"{NAME}.proto.{name}")


def _bare() -> None:
    """Make the package known without running its front door."""
    if NAME in sys.modules:
        return
    found = find_spec(NAME)
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError(f"{NAME} is not installed: bin/setup --port installs it.", name=NAME)
    package = ModuleType(NAME)
    package.__spec__, package.__path__ = found, list(found.submodule_search_locations)
    sys.modules[NAME] = package


def _refuse(*_given: Any, **_named: Any) -> NoReturn:
    raise ReachesOut


def _hear_no_log(_address: int, _size: int) -> None:
    """Drop what Go would log."""
