"""The heads of static files: as short as they may be."""

from typing import Any
from wsgiref.headers import Headers

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]  # it has no types
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]  # for the same reason

# By these a browser asks whether a file has changed. One whose name carries its content's hash never does.
ASKED_BY = {"last-modified", "etag"}


def guard_file(headers: Headers, path: str, url: str) -> None:
    """Keep a file for this site alone, and a picture that is opened by itself from doing anything."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = "default-src 'none'"


class Files(WhiteNoiseMiddleware):  # type: ignore[misc]  # for the same reason
    """Serves static files; leaves out of the heads what nobody asks by. A page fetches some forty of them."""

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Return a file with its heads."""
        file = super().get_static_file(path, url, stat_cache=stat_cache)
        if self.immutable_file_test(path, url):
            file.alternatives = [
                (encoding, there, [head for head in heads if head[0].lower() not in ASKED_BY])
                for encoding, there, heads in file.alternatives
            ]
        return file
