"""Lists of what lies in the bucket, page by page, as XML."""

from urllib.parse import quote
from xml.sax.saxutils import escape

from sandbox.bucket.shelf import Shelf, Version

_XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def objects(shelf: Shelf, query: dict[str, str], *, page_max: int) -> bytes:
    """Return a page of ListObjectsV2."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after = query.get("continuation-token", query.get("start-after", ""))
    rows: list[tuple[str, str]] = []
    for key in shelf.names():
        if not key.startswith(prefix) or key <= after:
            continue
        common = _common(key, prefix, delimiter)
        if common and ((rows and rows[-1][0] == common) or after.startswith(common)):
            continue
        rows.append((common or key, _prefix(common, query) if common else _contents(shelf, key, query)))
    page, more = rows[:page_max], len(rows) > page_max
    end = f"<NextContinuationToken>{escape(page[-1][0])}</NextContinuationToken>" if more else ""
    body = "".join(text for _, text in page)
    whole = f"<ListBucketResult {_XMLNS}><IsTruncated>{str(more).lower()}</IsTruncated>{end}{body}</ListBucketResult>"
    return whole.encode()


def versions(shelf: Shelf, query: dict[str, str], *, page_max: int) -> bytes:
    """Return a page of ListObjectVersions."""
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after, after_id = query.get("key-marker", ""), query.get("version-id-marker", "")
    rows: list[tuple[str, str, str]] = []
    passed = not after
    for key, one in shelf.versions():
        if not passed:
            # As strict as some stores are: where the version that the page ended with is gone, nothing comes after it.
            passed = (key, one.id) == (after, after_id)
            continue
        if not key.startswith(prefix):
            continue
        common = _common(key, prefix, delimiter)
        if common and ((rows and rows[-1][0] == common) or after.startswith(common)):
            continue
        rows.append((common or key, one.id, _prefix(common, query) if common else _version(shelf, key, one, query)))
    page, more = rows[:page_max], len(rows) > page_max
    end = ""
    if more:
        end = f"<NextKeyMarker>{_key(page[-1][0], query)}</NextKeyMarker>"
        end += f"<NextVersionIdMarker>{escape(page[-1][1])}</NextVersionIdMarker>"
    body = "".join(text for *_, text in page)
    whole = (
        f"<ListVersionsResult {_XMLNS}><IsTruncated>{str(more).lower()}</IsTruncated>{end}{body}</ListVersionsResult>"
    )
    return whole.encode()


def _contents(shelf: Shelf, key: str, query: dict[str, str]) -> str:
    one = shelf.get(key)
    assert one is not None
    return f"<Contents><Key>{_key(key, query)}</Key>{_facts(one)}<Size>{one.size}</Size></Contents>"


def _version(shelf: Shelf, key: str, one: Version, query: dict[str, str]) -> str:
    kind = "Version" if one.path is not None else "DeleteMarker"
    latest = str(shelf.is_latest(key, one)).lower()
    size = f"<Size>{one.size}</Size>" if one.path is not None else ""
    return (
        f"<{kind}><Key>{_key(key, query)}</Key><VersionId>{one.id}</VersionId><IsLatest>{latest}</IsLatest>"
        f"{_facts(one)}{size}</{kind}>"
    )


def _facts(one: Version) -> str:
    at = one.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return f"<LastModified>{at}</LastModified><ETag>{escape(one.etag)}</ETag>"


def _prefix(common: str, query: dict[str, str]) -> str:
    return f"<CommonPrefixes><Prefix>{_key(common, query)}</Prefix></CommonPrefixes>"


def _common(key: str, prefix: str, delimiter: str) -> str:
    rest = key.removeprefix(prefix)
    return prefix + rest.partition(delimiter)[0] + delimiter if delimiter and delimiter in rest else ""


def _key(key: str, query: dict[str, str]) -> str:
    return quote(key) if query.get("encoding-type") == "url" else escape(key)
