"""The heads of static files: as short as they may be."""

from wsgiref.headers import Headers


def guard_file(headers: Headers, path: str, url: str) -> None:
    """Keep a file for this site alone, and a picture that is opened by itself from doing anything."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = "default-src 'none'"
    if "immutable" in headers.get("Cache-Control", ""):
        del headers["Last-Modified"]
