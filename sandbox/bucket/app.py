"""The bucket: what is asked of it, and what it answers."""

import asyncio
import base64
import hmac
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from sandbox.bucket import listing
from sandbox.bucket.http import Request, Response
from sandbox.bucket.shelf import Shelf, Version
from sandbox.bucket.signature import refusal

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_STATUSES = {
    "NoSuchKey": 404,
    "NoSuchBucket": 404,
    "ObjectLockConfigurationNotFoundError": 404,
    "PreconditionFailed": 412,
    "InvalidRange": 416,
    "NotImplemented": 501,
    "SlowDown": 503,
    "InternalError": 500,
    "RequestTimeout": 400,
    "InvalidRequest": 400,
    "BadDigest": 400,
    "XAmzContentSHA256Mismatch": 400,
    "AuthorizationHeaderMalformed": 400,
}


@dataclass
class Trouble:
    """What goes wrong for the next calls of a method ("" for any): the word of an error, or "cut" (the answer breaks off),
    "silent" (the connection ends unanswered; what was asked is done all the same) or "spoilt" (a byte is another)."""

    word: str
    times: int
    method: str = ""
    retry_after: str = ""


@dataclass
class Bucket:
    """One bucket, and who may use it. `page_max` is how much one page of a list holds; `keeps_time` is whether clocks are
    compared; `knows_versions` whether it has heard of versions at all, `knows_conditions` of If-Match."""

    folder: Path
    name: str = "troth-media"
    region: str = "eu-test-1"
    key_id: str = "AKSTANDIN"
    secret: str = "stand-in-secret"  # noqa: S105 - nothing is behind it
    page_max: int = 1000
    keeps_time: bool = True
    knows_versions: bool = True
    knows_conditions: bool = True
    may_not: frozenset[str] = frozenset()
    troubles: list[Trouble] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)

    async def answer(self, request: Request) -> Response | None:
        """Answer one request; None ends the connection unanswered."""
        self.asked[request.method] += 1
        trouble = self._trouble(request)
        if trouble is not None and trouble.word in _STATUSES:
            answer = _error(trouble.word)
            if trouble.retry_after:
                answer.headers["Retry-After"] = trouble.retry_after
            return answer
        response = self._answer(request)
        await asyncio.sleep(0)
        if trouble is None:
            return response
        if trouble.word == "silent":
            return None
        if trouble.word == "cut":
            response.cut_after = response.length // 2
        elif trouble.word == "spoilt":
            response = _spoilt(response)
        return response

    def _trouble(self, request: Request) -> Trouble | None:
        for one in self.troubles:
            if one.times and one.method in ("", request.method):
                one.times -= 1
                return one
        return None

    def _answer(self, request: Request) -> Response:
        at = datetime.now(UTC) if self.keeps_time else None
        word = refusal(request, key_id=self.key_id, secret=self.secret, region=self.region, at=at)
        if word or request.method in self.may_not:
            return _error(word or "AccessDenied")
        bucket, _, key = request.path.removeprefix("/").partition("/")
        if bucket != self.name:
            return _error("NoSuchBucket")
        if not key:
            return self._of_bucket(request)
        return {"GET": self._get, "HEAD": self._get, "PUT": self._put, "DELETE": self._delete}[request.method](
            request, unquote(key)
        )

    def _of_bucket(self, request: Request) -> Response:
        query = request.query
        if "versioning" in query or "versions" in query:
            if not self.knows_versions:
                return _error("NotImplemented")
            if "versions" in query:
                return _xml(listing.versions(self.shelf, query, page_max=self.page_max))
            state = self.shelf.versioning
            inside = f"<Status>{state}</Status>" if state else ""
            return _xml(f"<VersioningConfiguration>{inside}</VersioningConfiguration>".encode())
        if "object-lock" in query:
            if not self.shelf.locked:
                return _error("ObjectLockConfigurationNotFoundError")
            inside = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
            return _xml(f"<ObjectLockConfiguration>{inside}</ObjectLockConfiguration>".encode())
        if "delete" in query and request.method == "POST":
            return self._delete_many(request)
        if query.get("list-type") == "2":
            return _xml(listing.objects(self.shelf, query, page_max=self.page_max))
        return _error("NotImplemented")

    def _put(self, request: Request, key: str) -> Response:
        meta = {name: value for name, value in request.headers.items() if name.startswith("x-amz-meta-")}
        made = self.shelf.put(key, request.body, etag=f'"{request.sha256[:32]}"', meta=meta)
        return Response(headers=_told(made))

    def _get(self, request: Request, key: str) -> Response:
        found = self.shelf.get(key)
        if found is None or found.path is None:
            return _error("NoSuchKey")
        if self.knows_conditions and request.headers.get("if-match", found.etag) != found.etag:
            return _error("PreconditionFailed")
        whole = Response(200, headers=_told(found), file=found.path, size=found.size)
        ranged = _RANGE.fullmatch(request.headers.get("range", ""))
        if ranged is None:
            return whole
        first, last = int(ranged[1]), min(int(ranged[2] or found.size), found.size - 1)
        if first > last:
            return _error("InvalidRange")
        whole.status, whole.first, whole.size = 206, first, last - first + 1
        whole.headers["Content-Range"] = f"bytes {first}-{last}/{found.size}"
        return whole

    def _delete(self, request: Request, key: str) -> Response:
        word = self.shelf.delete(key, request.query.get("versionId", ""))
        return _error(word) if word else Response(204)

    def _delete_many(self, request: Request) -> Response:
        if not hmac.compare_digest(base64.b64encode(request.md5).decode(), request.headers.get("content-md5", "")):
            return _error("BadDigest")
        errors = ""
        for one in ElementTree.fromstring(request.body.read()):  # noqa: S314 - the product's own
            said = {child.tag.rpartition("}")[2]: child.text or "" for child in one}
            if "Key" in said and (word := self.shelf.delete(said["Key"], said.get("VersionId", ""))):
                errors += f"<Error><Key>x</Key><Code>{word}</Code></Error>"
        return _xml(f"<DeleteResult>{errors}</DeleteResult>".encode())


def _told(one: Version) -> dict[str, str]:
    return {"ETag": one.etag, "x-amz-version-id": one.id, **one.meta}


def _spoilt(response: Response) -> Response:
    if response.file is not None:
        with response.file.open("rb") as file:
            file.seek(response.first)
            response.body, response.file = file.read(response.size), None
    middle = len(response.body) // 2
    response.body = response.body[:middle] + bytes([response.body[middle] ^ 1]) + response.body[middle + 1 :]
    return response


def _error(word: str) -> Response:
    body = f"<Error><Code>{word}</Code><Message>The stand-in says {word}.</Message></Error>".encode()
    return Response(_STATUSES.get(word, 403), body, {"Content-Type": "application/xml"})


def _xml(body: bytes) -> Response:
    return Response(200, b'<?xml version="1.0" encoding="UTF-8"?>\n' + body, {"Content-Type": "application/xml"})
