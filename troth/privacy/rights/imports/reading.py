"""Reading a copy that somebody hands in. Nothing of it is believed: size, shape, names and hashes are checked first, with
limits on all that could grow."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from troth.privacy.rights.exports.bundle import FORMAT, VERSION

ENTRIES_MAX = 500_000
ENTRY_BYTES_MAX = 8 * 1024**3
ALL_BYTES_MAX = 32 * 1024**3
RATIO_MAX = 300  # unpacked to packed; what people write packs far less well
SMALL_BYTES = 1024 * 1024  # below which the ratio says nothing
FILE_BYTES_MAX = 100 * 1024**2
MANIFEST_BYTES_MAX = 128 * 1024**2
LINE_BYTES_MAX = 2 * 1024**2
DEPTH_MAX = 30
CHUNK = 256 * 1024
_NAME = re.compile(
    r"README\.txt|manifest\.json|contacts\.vcf|workbook\.xlsx|index(-[0-9]{1,6})?\.html"
    r"|(data/[a-z0-9-]{1,60}\.jsonl|csv/[a-z0-9-]{1,60}\.csv|(threads|parts)/[a-z0-9-]{1,80}\.html)"
    r"|files/[0-9a-f-]{36}\.[a-z0-9]{1,5}"
)
_HASH = re.compile(r"[0-9a-f]{64}")


class BadFile(Exception):
    """A file is not a copy that we made, or was changed. `why` says what is wrong, without repeating what it says."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Copy:
    """A copy whose shape was checked. `rows` are the rows that the manifest tells of, by part."""

    def __init__(self, file: IO[bytes]) -> None:
        """Open a copy and check its shape. Raises: BadFile."""
        try:
            self._zip = zipfile.ZipFile(file)
            self._entries = self._checked()
            self._manifest = self._read_manifest()
            self._beside = {name[6:42]: name for name in self._entries if name.startswith("files/")}
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as no:
            raise BadFile("not_a_zip") from no

    @property
    def rows(self) -> dict[str, int]:
        return dict(self._manifest["rows"])

    def keys(self) -> list[str]:
        """Return the names of the parts that it holds."""
        return sorted(name[5:-6] for name in self._entries if name.startswith("data/"))

    def check_hashes(self) -> Iterator[int]:
        """Compare every file with its hash, yielding how many bytes were read each time. Raises: BadFile."""
        for told in self._manifest["files"]:
            digest, size = hashlib.sha256(), 0
            for piece in self._pieces(told["path"], told["bytes"]):
                digest.update(piece)
                size += len(piece)
                yield len(piece)
            if digest.hexdigest() != told["sha256"] or size != told["bytes"]:
                raise BadFile("changed")

    def size(self) -> int:
        """Return how many bytes all files have together."""
        return sum(told["bytes"] for told in self._manifest["files"])

    def lines(self, key: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a part. Raises: BadFile."""
        path = f"data/{key}.jsonl"
        if path not in self._entries:
            return
        try:
            with self._zip.open(path) as lines:
                while line := lines.readline(LINE_BYTES_MAX + 1):
                    if len(line) > LINE_BYTES_MAX:
                        raise BadFile("line_too_long")
                    yield _row(line)
        except (zipfile.BadZipFile, zlib.error, EOFError) as no:
            raise BadFile("not_a_zip") from no

    def file(self, row_id: str) -> Iterator[bytes] | None:
        """Return the pieces of the file that lies beside a row, None where there is none. Raises: BadFile."""
        path = self._beside.get(row_id)
        return self._pieces(path, FILE_BYTES_MAX) if path else None

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > ENTRIES_MAX:
            raise BadFile("too_many_files")
        entries: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if not _NAME.fullmatch(info.filename) or info.filename in entries:
                raise BadFile("strange_name")
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadFile("strange_packing")
            if info.file_size > ENTRY_BYTES_MAX:
                raise BadFile("too_big")
            if info.file_size > SMALL_BYTES and info.file_size > RATIO_MAX * max(1, info.compress_size):
                raise BadFile("too_big")
            entries[info.filename] = info
        if sum(info.file_size for info in infos) > ALL_BYTES_MAX:
            raise BadFile("too_big")
        return entries

    def _read_manifest(self) -> dict[str, Any]:
        if "manifest.json" not in self._entries:
            raise BadFile("no_manifest")
        told = _json(b"".join(self._pieces("manifest.json", MANIFEST_BYTES_MAX)))
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise BadFile("no_manifest")
        if told.get("version") != VERSION:
            raise BadFile("other_version")
        if told.get("kind") != "workspace":
            raise BadFile("not_a_workspace")
        files, rows = told.get("files"), told.get("rows")
        if not isinstance(files, list) or not all(_is_file(one) for one in files):
            raise BadFile("no_manifest")
        if not isinstance(rows, dict) or not all(type(count) is int and count >= 0 for count in rows.values()):
            raise BadFile("no_manifest")
        named = [one["path"] for one in files]
        if len(set(named)) != len(named) or set(named) != set(self._entries) - {"manifest.json"}:
            raise BadFile("other_files")
        if set(rows) != set(self.keys()):
            raise BadFile("other_files")
        return told

    def _pieces(self, path: str, bytes_max: int) -> Iterator[bytes]:
        left = bytes_max
        with self._zip.open(path) as file:
            while piece := file.read(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise BadFile("too_big")
                yield piece


def _is_file(one: object) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("path"), str)
        and type(one.get("bytes")) is int
        and 0 <= one["bytes"] <= ENTRY_BYTES_MAX
        and isinstance(one.get("sha256"), str)
        and _HASH.fullmatch(one["sha256"]) is not None
    )


def _row(line: bytes) -> dict[str, Any]:
    row = _json(line)
    if not isinstance(row, dict):
        raise BadFile("strange_line")
    return row


def _json(data: bytes) -> Any:
    try:
        # A number of a million digits, or a bracket in a bracket in a bracket, is nothing that we wrote.
        found = json.loads(data, parse_constant=_no, parse_int=_int)
    except (ValueError, RecursionError):
        raise BadFile("strange_line") from None
    if _depth(found) > DEPTH_MAX:
        raise BadFile("strange_line")
    return found


def _no(_: str) -> Any:
    raise ValueError


def _int(text: str) -> int:
    if len(text) > 20:
        raise ValueError
    return int(text)


def _depth(value: Any, at: int = 0) -> int:
    if at > DEPTH_MAX or not isinstance(value, dict | list):
        return at
    inside = value.values() if isinstance(value, dict) else value
    return max((_depth(one, at + 1) for one in inside), default=at)
