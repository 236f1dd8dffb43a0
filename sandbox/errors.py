"""Errors as Meta words them: one envelope, a code that decides, a trace id.

Source: Cloud API error code pages as digested in the project's reference on 2026-11-22; wording paraphrased.
"""

import base64
import secrets
from typing import Any

import msgspec

TITLES: dict[int, tuple[int, str]] = {
    1: (400, "An unknown error occurred"),
    2: (503, "Service temporarily unavailable"),
    4: (400, "Application request limit reached"),
    10: (403, "Application does not have permission for this action"),
    15: (400, "This method must be called with an app access_token"),
    33: (400, "Object missing"),
    100: (400, "Invalid parameter"),
    104: (401, "Requires valid signature"),
    190: (401, "Invalid OAuth access token"),
    200: (403, "Permissions error"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130403: (403, "User is blocked by the business"),
    130429: (429, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Business account has been locked"),
    131037: (400, "Display name approval needed"),
    131041: (400, "Group unknown"),
    131042: (400, "Business eligibility payment issue"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "This message was not delivered to maintain healthy ecosystem engagement"),
    131050: (400, "User has stopped marketing messages from this business"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "Pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "Business-scoped user id not supported for this message"),
    131059: (400, "Cursor is expired or corrupt"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Translated text too long"),
    132008: (400, "Template parameter value is not valid"),
    132012: (400, "Parameter format does not match format in the created template"),
    132015: (400, "Template is paused"),
    132016: (400, "Template is disabled"),
    132018: (400, "Template parameters are malformed"),
    133005: (400, "Two step verification PIN mismatch"),
    133006: (400, "Phone number needs to be verified before registering"),
    133010: (400, "Account not registered"),
    133016: (400, "Too many attempts to register or deregister"),
    135000: (400, "Generic user error"),
    137000: (400, "Recipient identity key hash does not match"),
    147001: (400, "Username is not available"),
    147005: (400, "Username is used by another number of this business"),
    139100: (400, "Some users could not be blocked or unblocked"),
    2388019: (400, "Message template limit exceeded"),
    2388024: (400, "Content in this language already exists"),
    2388040: (400, "Character limit exceeded"),
    2388293: (400, "Too many variables for the length of the text"),
    2388299: (400, "Variables cannot be at the start or end of the body"),
}
RETRY_AFTER_S = {130429: 1, 4: 60, 80007: 60}


class GraphError(Exception):
    """An answer other than success, to be sent as Meta's error envelope."""

    def __init__(
        self,
        code: int,
        details: str | None = None,
        *,
        message: str | None = None,
        subcode: int | None = None,
        http: int | None = None,
        transient: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> None:
        default_http, title = TITLES.get(code, (400, "Error"))
        self.code = code
        self.details = details
        self.http = http or default_http
        self.subcode = subcode
        self.transient = transient
        self.extra = extra or {}
        self.message = message or (title if code in {104, 190} else f"(#{code}) {title}")
        super().__init__(self.message)

    def body(self) -> bytes:
        """Return the envelope as JSON, with a fresh trace id."""
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.transient:
            error["is_transient"] = True
        error["fbtrace_id"] = trace_id()
        return msgspec.json.encode({"error": error, **self.extra})

    def headers(self) -> list[tuple[bytes, bytes]]:
        wait = RETRY_AFTER_S.get(self.code)
        return [(b"retry-after", str(wait).encode())] if wait else []


def trace_id() -> str:
    """Return something of the shape of Meta's `fbtrace_id`."""
    return "A" + base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def missing_object(object_id: str) -> GraphError:
    """The one answer for an object that does not exist and for one that the token may not see."""
    return GraphError(
        100,
        message=(
            f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation"
        ),
        subcode=33,
    )


def async_error(code: int, details: str | None = None) -> dict[str, Any]:
    """Return one entry of a status's or message's `errors` list."""
    title = TITLES.get(code, (400, "Error"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or f"{title}."},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    }
