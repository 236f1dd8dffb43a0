"""Who is asking: bearer tokens, their scopes, and the proof that goes with the app secret."""

import hashlib
import hmac

from sandbox.accounts import Token
from sandbox.errors import GraphError
from sandbox.http import Request

EXPIRED_SUBCODE, INVALIDATED_SUBCODE = 463, 467
MESSAGING, MANAGEMENT = "whatsapp_business_messaging", "whatsapp_business_management"
CATALOGS = "catalog_management"


def bearer(request: Request) -> str | None:
    """Return the token of a request: header first, then the parameter that the Graph API also takes."""
    value = request.headers.get("authorization", "")
    scheme, _, token = value.partition(" ")
    if token and scheme.lower() in {"bearer", "oauth"}:
        return token.strip()
    found = request.query.get("access_token") or request.parameters.get("access_token")
    return str(found) if found else None


def check(tokens: dict[str, Token], request: Request, *, scope: str | None, now: int) -> Token:
    """Return what a request's token may do.

    Raises: GraphError 104 without a token, 190 with one that does not count, 10 when the scope is not granted.
    """
    value = bearer(request)
    if value is None:
        raise GraphError(104)
    token = tokens.get(value)
    if token is None:
        raise GraphError(190, message="Invalid OAuth access token - Cannot parse access token")
    usable(token, now=now)
    if scope is not None and scope not in token.scopes:
        raise GraphError(
            200, message=f"(#200) You do not have the necessary permissions to perform this action: {scope}."
        )
    check_proof(token, request)
    return token


def usable(token: Token, *, now: int) -> None:
    """Refuse a token that was taken back or has run out.

    Raises: GraphError 190 with its subcode.
    """
    if not token.valid:
        raise GraphError(
            190,
            message="Error validating access token: The session has been invalidated.",
            subcode=INVALIDATED_SUBCODE,
        )
    if token.expires_at and token.expires_at <= now:
        raise expired()


def expired() -> GraphError:
    """The answer to a token that has run out."""
    return GraphError(190, message="Error validating access token: Session has expired.", subcode=EXPIRED_SUBCODE)


def check_proof(token: Token, request: Request) -> None:
    """Check `appsecret_proof` when it is sent, and ask for it when the app requires it.

    Raises: GraphError 100.
    """
    proof = request.query.get("appsecret_proof")
    if proof is None and b"appsecret_proof" in request.body:
        sent = request.parameters.get("appsecret_proof")
        proof = str(sent) if sent is not None else None
    if proof is None:
        if token.account.app.require_proof:
            raise GraphError(100, message="API calls from the server require an appsecret_proof argument")
        return
    if not hmac.compare_digest(proof.encode(), proof_for(token).encode()):
        raise GraphError(100, message="Invalid appsecret_proof provided in the API argument")


def proof_for(token: Token) -> str:
    """Return the lower-case hex proof that belongs to a token."""
    return hmac.new(token.account.app.secret.encode(), token.value.encode(), hashlib.sha256).hexdigest()
