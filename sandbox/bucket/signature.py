"""Whether a call was signed by whoever has the secret: Signature Version 4, worked out anew from the call as it came.

Source: AWS, "Authenticating Requests: Using the Authorization Header" of Amazon S3 (read 2026-11-29).
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from sandbox.bucket.http import Request

SKEW_MAX = timedelta(minutes=15)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_HEX = re.compile(r"[0-9a-f]{64}")


def refusal(request: Request, *, key_id: str, secret: str, region: str, at: datetime | None) -> str:
    """Return the word by which Amazon refuses a call, empty for one that is right. Without `at`, no clock is compared."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        return "AccessDenied"
    said_id, day, said_region, names, signature = found.groups()
    if said_id != key_id:
        return "InvalidAccessKeyId"
    if said_region != region:
        return "AuthorizationHeaderMalformed"
    signed = names.split(";")
    stamp, digest = request.headers.get("x-amz-date", ""), request.headers.get("x-amz-content-sha256", "")
    must = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    if not must <= set(signed) or signed != sorted(signed) or not stamp.startswith(day):
        return "SignatureDoesNotMatch"
    if at is not None and abs(at - datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)) > SKEW_MAX:
        return "RequestTimeTooSkewed"
    if not _HEX.fullmatch(digest):
        return "InvalidRequest"
    path, _, query = request.target.partition("?")
    lines = [request.method, path, "&".join(sorted(query.split("&")))]
    lines += [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in signed]
    whole = "\n".join([*lines, "", names, digest])
    scope = f"{day}/{region}/s3/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(whole.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, to_sign.encode(), "sha256").hex(), signature):
        return "SignatureDoesNotMatch"
    return "" if digest == request.sha256 else "XAmzContentSHA256Mismatch"
