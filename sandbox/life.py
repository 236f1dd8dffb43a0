"""What becomes of an accepted message: sent, delivered, read, or failed, told by signed statuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.accounts import Account, Number
from sandbox.errors import async_error
from sandbox.faults import Fault, Kind
from sandbox.people import Person, contact_of

if TYPE_CHECKING:
    from sandbox.world import World

FREE_SERVICE_MESSAGES = 1000
ODD_STATUS = "warmed"


@dataclass(slots=True)
class Sent:
    """A message that the business has sent, as far as the platform knows.

    With `late_pricing` the price stands on `delivered` instead of `sent`: both happen.
    """

    id: str
    account: Account
    number: Number
    person: Person
    user_id: str
    by_user_id: bool
    kind: str
    body: dict[str, Any] = field(repr=False)
    at: int
    category: str = "service"
    status: str = "accepted"
    late_pricing: bool = False
    told: list[str] = field(default_factory=list)


class Life:
    """Leads messages through their statuses."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._waiting: dict[str, list[Sent]] = {}
        self._unread: dict[str, list[Sent]] = {}

    def begin(self, sent: Sent, fault: Fault | None) -> None:
        """Start the statuses of an accepted message."""
        behaviour = sent.account.behaviour
        if not behaviour.statuses:
            return
        failed_code = fault.code if fault and fault.kind is Kind.FAILED else self._world.trouble.failure_of_accepted()
        if failed_code:
            self._later(behaviour.sent_ms, lambda: self.fail(sent, failed_code))
            return
        if fault and fault.kind is Kind.BACKWARDS:
            self._later(behaviour.sent_ms, lambda: self._tell_all(sent, ["read", "delivered", "sent"]))
            return
        steps = self._steps(sent, fault)
        self._follow(sent, steps, twice=bool(fault and fault.kind is Kind.TWICE))

    def fail(self, sent: Sent, code: int) -> None:
        """End a message with a `failed` status."""
        self._tell(sent, "failed", errors=[async_error(code)])

    def come_online(self, person: Person) -> None:
        """Deliver what waited while a person was away."""
        for sent in self._waiting.pop(person.key, []):
            self._follow(sent, ["delivered", *(["read"] if person.reads else [])])

    def read_all(self, person: Person) -> None:
        """The person has looked at everything that was delivered."""
        if person.online:
            for sent in self._unread.pop(person.key, []):
                self._tell(sent, "read")

    def _steps(self, sent: Sent, fault: Fault | None) -> list[str]:
        kind = fault.kind if fault else None
        if sent.kind == "reaction" or kind is Kind.SENT_ONLY:
            return ["sent"]
        if kind is Kind.UNREAD:
            return ["sent", "delivered"]
        if kind is Kind.READ_ONLY:
            return ["sent", "read"]
        if kind is Kind.ODD:
            return ["sent", ODD_STATUS, "delivered"]
        if not (sent.account.behaviour.reads and sent.person.reads):
            return ["sent", "delivered"]
        heard = sent.kind == "audio" and sent.body["audio"].get("voice")
        return ["sent", "delivered", "read", *(["played"] if heard else [])]

    def _follow(self, sent: Sent, steps: list[str], *, twice: bool = False) -> None:
        if not steps:
            return
        step, rest = steps[0], steps[1:]

        def take() -> None:
            if step in {"delivered", "read"} and not sent.person.online:
                self._waiting.setdefault(sent.person.key, []).append(sent)
                return
            self._tell(sent, step)
            if twice:
                self._tell(sent, step)
            if step == "delivered" and not sent.person.reads:
                self._unread.setdefault(sent.person.key, []).append(sent)
            self._follow(sent, rest, twice=twice)

        behaviour = sent.account.behaviour
        speeds = {"sent": behaviour.sent_ms, "read": behaviour.read_ms}
        self._later(speeds.get(step, behaviour.delivered_ms), take)

    def _tell_all(self, sent: Sent, steps: list[str]) -> None:
        for step in steps:
            self._tell(sent, step)

    def _later(self, between_ms: tuple[int, int], action: Callable[[], None]) -> None:
        least, most = between_ms
        self._world.later(self._world.mint.chance.uniform(least, most) / 1000 if most else 0.0, action)

    def _tell(self, sent: Sent, status: str, *, errors: list[dict[str, Any]] | None = None) -> None:
        sent.status = status
        sent.number.meter.statuses[status] += 1
        self._world.threads.mark(sent.id, status)
        value = self._value(sent, status, errors)
        sent.told.append(status)
        self._world.emit(sent.account, sent.number, "messages", value)

    def _value(self, sent: Sent, status: str, errors: list[dict[str, Any]] | None) -> dict[str, Any]:
        person = sent.person
        report: dict[str, Any] = {"id": sent.id, "status": status, "timestamp": str(self._world.now())}
        visible = person.wa_id is not None and (person.shows_phone or not sent.by_user_id)
        if visible:
            report["recipient_id"] = person.wa_id
        if status != "failed" or sent.by_user_id:
            report["recipient_user_id"] = sent.user_id
        if "biz_opaque_callback_data" in sent.body:
            report["biz_opaque_callback_data"] = sent.body["biz_opaque_callback_data"]
        if errors:
            report["errors"] = errors
        elif status == ("delivered" if sent.late_pricing else "sent"):
            report["pricing"] = _pricing(sent)
        value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": metadata(sent.number)}
        if status != "failed":
            with_username = status in {"delivered", "read"}
            value["contacts"] = [_contact(sent, with_username=with_username)]
        value["statuses"] = [report]
        return value


def _contact(sent: Sent, *, with_username: bool) -> dict[str, Any]:
    with_code = sent.number.checks_identity
    return contact_of(sent.person, sent.user_id, with_username=with_username, with_code=with_code)


def metadata(number: Number) -> dict[str, str]:
    """Return the part of every value that says which business number it is about."""
    return {"display_phone_number": number.digits, "phone_number_id": number.id}


def _pricing(sent: Sent) -> dict[str, Any]:
    free = sent.category == "service" and sent.number.meter.accepted <= FREE_SERVICE_MESSAGES
    return {
        "billable": not free,
        "pricing_model": "PMP",
        "type": "free_customer_service" if free else "regular",
        "category": sent.category,
    }
