"""What an S3-compatible store answers, read: lists of files and of versions, and errors.

Source: Amazon S3 API Reference: ListObjectsV2, ListObjectVersions, DeleteObjects, Error Responses (read 2026-11-29).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from troth.base.http import Response

_NO_LETTER = re.compile(r"[^A-Za-z]")


class Unreadable(Exception):
    """The answer is not one that a store gives."""


class Version(NamedTuple):
    """One version of a file, or the mark of its deletion. `id` is "null" in a bucket that never kept versions."""

    key: str
    id: str
    is_latest: bool
    is_mark: bool
    size: int
    changed_at: datetime


class Page(NamedTuple):
    """One page of a list: what is on it, what common beginnings it names, and what to ask the next with (empty at the
    end)."""

    versions: list[Version]
    beginnings: list[str]
    more: list[tuple[str, str]]


def error_code(answer: Response) -> str:
    """Return the word by which a store names an error, empty where there is none. Letters only: it is logged."""
    if answer.status < 300 or not answer.body:
        return ""
    try:
        return _word(_text(_root(answer.body), "Code"))
    except Unreadable:
        return ""


def objects(body: bytes) -> Page:
    """Read a page of ListObjectsV2 that was asked for with encoded keys. Raises: Unreadable."""
    root = _root(body)
    found = [_version(one, latest=True) for one in _each(root, "Contents")]
    token = _text(root, "NextContinuationToken") if _text(root, "IsTruncated") == "true" else ""
    return Page(found, _beginnings(root), [("continuation-token", token)] if token else [])


def versions(body: bytes) -> Page:
    """Read a page of ListObjectVersions that was asked for with encoded keys. Raises: Unreadable."""
    root = _root(body)
    found = [_version(one) for one in root if _tag(one) in ("Version", "DeleteMarker")]
    if _text(root, "IsTruncated") != "true":
        return Page(found, _beginnings(root), [])
    key, id = unquote(_text(root, "NextKeyMarker")), _text(root, "NextVersionIdMarker")
    return Page(found, _beginnings(root), [("key-marker", key), *([("version-id-marker", id)] if id else [])])


def deletion(found: list[Version]) -> bytes:
    """Return the body that asks for versions to be deleted; those without an id are asked for by key alone."""
    each = "".join(
        f"<Object><Key>{escape(one.key)}</Key>{f'<VersionId>{escape(one.id)}</VersionId>' if one.id else ''}</Object>"
        for one in found
    )
    return f'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>{each}</Delete>'.encode()


def not_deleted(body: bytes) -> str:
    """Return the word for why something was not deleted, empty where all was. Raises: Unreadable."""
    return next((_word(_text(one, "Code")) or "unknown" for one in _each(_root(body), "Error")), "")


def said(body: bytes, name: str) -> str:
    """Return what stands under a name, at any depth; empty where nothing does. Raises: Unreadable."""
    return next((one.text or "" for one in _root(body).iter() if _tag(one) == name), "")


def _word(text: str) -> str:
    return _NO_LETTER.sub("", text)[:60]


def _version(one: Element, *, latest: bool = False) -> Version:
    key, at = unquote(_text(one, "Key")), _text(one, "LastModified")
    try:
        size, changed_at = int(_text(one, "Size") or 0), datetime.fromisoformat(at).astimezone(UTC)
    except ValueError as strange:
        raise Unreadable from strange
    if not key:
        raise Unreadable
    is_latest = latest or _text(one, "IsLatest") == "true"
    return Version(key, _text(one, "VersionId"), is_latest, _tag(one) == "DeleteMarker", size, changed_at)


def _beginnings(root: Element) -> list[str]:
    return [unquote(_text(one, "Prefix")) for one in _each(root, "CommonPrefixes")]


def _root(body: bytes) -> Element:
    try:
        # The parser below (expat, from 2.4.1 on) ends documents that grow as they are read.
        return ElementTree.fromstring(body)  # noqa: S314
    except ElementTree.ParseError as strange:
        raise Unreadable from strange


def _each(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root if _tag(one) == name)


def _text(one: Element, name: str) -> str:
    return next((child.text or "" for child in one if _tag(child) == name), "")


def _tag(one: Element) -> str:
    return one.tag.rpartition("}")[2]
