"""What leaves for Meta carries the keys that are declared, and what is declared does leave."""

from typing import Any

import pytest

from tests.outgoing import BSUID, EVERY_KIND, outbound, text
from troth.channels.cloud.build import body_for
from troth.channels.cloud.sent import CONNECTING, MESSAGE, NotDeclared, checked, paths
from troth.channels.contract import Content

pytestmark = pytest.mark.clause("B6.2")

PIN = Content(kind="pin", data={"target_id": "wamid.in1", "days": 7})
BODIES: dict[str, Any] = {
    **{kind: outbound(content) for kind, content in EVERY_KIND.items()},
    "an answer": outbound(text("See https://example.com/"), quoted_id="wamid.in1", preview_links=True),
    "with the code": outbound(text(), identity_hash="h1"),
    "to an id": outbound(text(), phone=None, bsuid=BSUID),
    "a pin": outbound(PIN, phone=None, group_id="G1"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_every_kind_of_message_carries_declared_keys_only(kind: str) -> None:
    body = body_for(BODIES[kind])
    assert checked(body, MESSAGE) == body


def test_a_key_that_is_not_declared_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.channels.cloud.build._recipient", lambda message: {"to": "+1", "customer_name": "Mei"})
    with pytest.raises(NotDeclared):
        body_for(outbound(text()))


@pytest.mark.parametrize(
    "body", [{"text": {"body": "a", "from": "b"}}, {"contacts": [{"notes": "x"}]}, {"tags": []}, {"image": "9"}]
)
def test_the_check_looks_into_every_corner(body: dict[str, Any]) -> None:
    with pytest.raises(NotDeclared):
        checked(body, MESSAGE)
    with pytest.raises(NotDeclared):
        checked(body, CONNECTING)


def test_nothing_is_declared_that_no_message_carries() -> None:
    said = {path for one in BODIES.values() for path in paths(body_for(one))}
    unsaid = {path for path in MESSAGE if not path.endswith("**") and path not in said}
    # Files may be named by id or by address; one of each kind is enough for us.
    assert {path for path in unsaid if not path.endswith((".link", ".id", ".caption"))} == set()
