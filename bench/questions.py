"""Counts what a page asks the database, in the product's own environment: `python -m bench.questions <wishes as JSON>`.

Calls the same WSGI application as the web part does, in this process, once to warm up and once to count.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  # after setup()
from django.db import connection  # noqa: E402

application = WSGIHandler()


def main(wishes: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return for each page by name how many statements it took and how many milliseconds of it."""
    return {
        name: _ask(page["path"], page.get("headers", {}), wishes["cookie"]) for name, page in wishes["pages"].items()
    }


def _ask(path: str, headers: dict[str, str], cookie: str) -> dict[str, float]:
    for _ in range(3):
        _get(path, headers, cookie)
    asked: list[float] = []

    def count(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            asked.append(time.perf_counter() - began)

    began = time.perf_counter()
    with connection.execute_wrapper(count):
        size = _get(path, headers, cookie)
    took = time.perf_counter() - began
    return {"queries": len(asked), "database_ms": sum(asked) * 1000, "whole_ms": took * 1000, "bytes": size}


def _get(path: str, headers: dict[str, str], cookie: str) -> int:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": f"session={cookie}",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
    answer = application(environ, _started)
    size = sum(len(part) for part in answer)
    answer.close()
    if answer.status_code != 200:
        raise SystemExit(f"{path.partition('?')[0]} answered {answer.status_code}")
    return size


def _started(_status: str, _headers: list[tuple[str, str]], _problem: Any = None, /) -> Callable[[bytes], object]:
    """Take no notice: the answer tells its status itself."""
    return len


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
