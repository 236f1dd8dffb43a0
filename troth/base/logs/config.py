"""The logging configuration of every process, in the form of `logging.config.dictConfig`."""

from typing import Any

_FORWARD: dict[str, Any] = {"handlers": [], "propagate": True}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "troth.base.logs.formatter.JsonLines"}},
    "handlers": {"lines": {"()": "troth.base.logs.formatter.StandardError", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        # Django and Granian come with handlers of their own, which print whole messages.
        "django": {**_FORWARD, "level": "INFO"},
        "django.server": {**_FORWARD, "level": "INFO"},
        "_granian": {**_FORWARD, "level": "INFO"},
        # At DEBUG this one holds every statement with its values.
        "django.db.backends": {**_FORWARD, "level": "INFO"},
        "procrastinate": {**_FORWARD, "level": "INFO"},
        # Which jobs there are, told again by every command that starts.
        "procrastinate.blueprints": {**_FORWARD, "level": "WARNING"},
        "procrastinate.periodic": {**_FORWARD, "level": "WARNING"},
        "asyncio": {**_FORWARD, "level": "WARNING"},
        "aiohttp": {**_FORWARD, "level": "WARNING"},
        # Nothing but addresses and paths.
        "granian.access": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
