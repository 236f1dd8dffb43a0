"""The Cloud API behind the channel contract."""

from collections.abc import Mapping, Sequence

from troth.base.http import Ambiguous, NotSent, Refused, Response, TooLarge
from troth.channels.cloud import build, signature, wire
from troth.channels.cloud.errors import NOT_SENT, Rule, rule_for, rule_for_unknown
from troth.channels.cloud.graph import ANSWER_BYTES_MAX, GraphError, Outside, address, error_in, object_in, proof_of
from troth.channels.cloud.wire.reading import identifier, items, phone, piece
from troth.channels.cloud.words import SENDING
from troth.channels.contract import (
    ADDRESS_REFUSED,
    NO_ANSWER,
    NO_REASON,
    UNREACHED,
    Accepted,
    Capabilities,
    Event,
    Outbound,
    SendError,
    Who,
)

SERVICE_WINDOW_S = 24 * 3600
SEND_TIMEOUT_S = 20.0
HELD = ("held_for_quality_assessment", "paused")

CAPABILITIES = Capabilities(
    stored=True,
    window_s=SERVICE_WINDOW_S,
    kinds=build.KINDS,
    text_max=build.TEXT_CHARS_MAX,
    templates=True,
)


class CloudAdapter:
    """One connected number. All that is the same for each message is made once, here."""

    capabilities = CAPABILITIES

    def __init__(
        self,
        client: Outside,
        *,
        base_url: str,
        version: str,
        number_id: str,
        token: str,
        app_secret: str | None,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        proof = proof_of(token, app_secret=app_secret)
        self._client = client
        self._url = address(base_url, version, number_id, "messages", appsecret_proof=proof)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._timeout_s = timeout_s

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes]) -> int:
        """Return which of the secrets signed these raw bytes. Raises: Forged."""
        return signature.verify(headers, body, secrets=secrets)

    def parse(self, body: bytes) -> list[Event]:
        """Return all that the body says. Never raises."""
        return wire.parse(body)

    async def send(self, message: Outbound) -> Accepted:
        """Offer one message to Meta, once.

        Raises: SendError, Unsupported. A cancelled call may have been carried out.
        """
        body = build.body_for(message)
        try:
            response = await self._client.request(
                "POST",
                self._url,
                headers=self._headers,
                json=body,
                timeout_s=self._timeout_s,
                max_bytes=ANSWER_BYTES_MAX,
            )
        except NotSent:
            raise _send_error(UNREACHED, NOT_SENT) from None
        except Refused:
            text = SENDING["address_refused"]
            raise SendError(ADDRESS_REFUSED, retryable=False, user_text=text, scope="account") from None
        except (Ambiguous, TooLarge):
            raise _uncertain() from None
        return _accepted(response)


def _accepted(response: Response) -> Accepted:
    answer = object_in(response)
    error = error_in(response, answer)
    if error is not None:
        raise _refusal(error)
    sent = piece((items((answer or {}).get("messages")) or [None])[0])
    contact = piece((items((answer or {}).get("contacts")) or [None])[0])
    external_id = identifier(sent.get("id"))
    if external_id is None:
        # Meta said yes in a way that we cannot read: the message's status will tell.
        raise _uncertain()
    return Accepted(
        external_id=external_id,
        who=Who(phone=phone(contact.get("wa_id")), bsuid=identifier(contact.get("user_id"))),
        held=sent.get("message_status") in HELD,
    )


def _refusal(error: GraphError) -> SendError:
    if error.code is None:
        if error.http_status >= 500:
            # A proxy's page in Meta's place: the message may have passed before something broke.
            return _uncertain()
        return _send_error(NO_REASON, rule_for_unknown(http_status=error.http_status, is_transient=False), error=error)
    rule = rule_for(error.code, subcode=error.subcode) or rule_for_unknown(
        http_status=error.http_status, is_transient=error.is_transient
    )
    return _send_error(error.code, rule, error=error)


def _send_error(code: int, rule: Rule, *, error: GraphError | None = None) -> SendError:
    wait_s = max((wait for wait in (rule.retry_after_s, error.retry_after_s if error else None) if wait), default=None)
    return SendError(
        code,
        retryable=rule.retryable,
        user_text=SENDING[rule.words],
        retry_after_s=wait_s,
        retry_growth=rule.growth,
        attempts_max=rule.attempts_max,
        scope=rule.scope,
        window_closed=rule.kind == "WINDOW",
    )


def _uncertain() -> SendError:
    return SendError(NO_ANSWER, retryable=False, uncertain=True, user_text=SENDING["uncertain"])
