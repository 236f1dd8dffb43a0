"""Signs a call to an S3-compatible store (Signature Version 4), with the code that Amazon's own programs sign with.

Source: AWS, "Authenticating Requests (AWS Signature Version 4)" of Amazon S3 (read 2026-11-29).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def signed(
    method: str,
    target: str,
    headers: Mapping[str, str],
    *,
    host: str,
    body_sha256: str,
    key_id: str,
    secret: str,
    region: str,
    at: datetime,
) -> dict[str, str]:
    """Return the headers of a call with those that prove who makes it; `host` is not among them, since the client itself
    writes it.

    target: path and query, percent-encoded. host: with its port, unless that is the scheme's own.
    """
    auth, http = _loaded()
    request = http.HttpRequest(method, target, http.HttpHeaders([("host", host), *headers.items()]))
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4,
        signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(key_id, secret),
        region=region,
        service="s3",
        date=at,
        use_double_uri_encode=False,  # of all services, S3 alone does not
        should_normalize_uri_path=False,
        signed_body_value=body_sha256,
        signed_body_header_type=auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
    )
    # With a key that we hand in ourselves there is nothing to wait for: it is done when the call returns.
    done = auth.aws_sign_request(request, config).result(timeout=10)
    return {name: value for name, value in done.headers if name.lower() != "host"}


def _loaded() -> tuple[Any, Any]:
    # 8 MB and a seventh of a second to load; a process that keeps its files in a folder never needs it.
    from awscrt import auth, http  # noqa: PLC0415

    return auth, http
