"""Every body that others wrote comes in as a connected number's, does what we say here, and does it once."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from sandbox.rewrite import NotAWebhook, as_number
from tests.cast import House, kopi
from tests.deliver import deliver
from tests.house.picture import differences, picture
from troth.inbox.models import Gap
from troth.ingest.models import Delivery
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
PAYLOADS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "cloud-api" / "payloads"
needs_payloads = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the sample bodies are not beside the repository")

MESSAGE = "MessageReceived applied"
ECHO = "MessageEchoed applied"
EARLY_STATUS = "StatusChanged applied waits-for-its-message"
EARLY_EDIT = "MessageEdited applied waits-for-its-message"
EARLY_REVOKE = "MessageRevoked applied waits-for-its-message"
REACTION = "ReactionChanged applied"
MOVE = "IdentityChanged applied"
PREFERENCE = "PreferenceChanged applied"
CALL = "CallChanged applied"
NOTICE = "ChannelChanged applied"
TEMPLATE = "TemplateChanged applied"
NOBODY = "Unrecognised gap no_person"

# What becomes of each change the first time. The first pattern that fits a file counts; none may be left over.
EXPECTED: list[tuple[str, list[str]]] = [
    # Several things at once
    ("constructed_2026/value_messages_and_statuses_together", [MESSAGE, EARLY_STATUS]),
    ("pywa/calls.terminate__*", [CALL, NOTICE]),
    ("pywa/messages.interactive__message-interactive_message_with_err", [MESSAGE, NOTICE]),
    # What cannot be read, or names nobody: placeholders stand in the place of a person's number
    ("constructed_2026/empty_entry", ["Unrecognised gap empty"]),
    ("constructed_2026/not_whatsapp_object", ["Unrecognised gap foreign_object"]),
    ("constructed_2026/status_unknown_future", ["StatusChanged gap unknown-status"]),
    ("postman_official/_shape/messages.image__*", [NOBODY]),
    ("postman_official/_shape/messages.sticker__*", [NOBODY]),
    ("postman_official/_shape/messages.reaction__*", [NOBODY]),
    ("postman_official/_shape/messages.text__*", [NOBODY]),
    ("postman_official/_shape/messages.notype__Received-Static-Location-Messages", [NOBODY]),
    # News of people whom we do not know
    ("constructed_2026/app_state_contact_remove", ["IdentityChanged ignored nobody-named"]),
    ("pywa/messages.system-customer_identity_changed__*", ["IdentityChanged ignored nobody-named"]),
    # People
    ("*/system_user_changed_number", [MOVE]),
    ("*/messages.system-user_changed_number__*", [MOVE]),
    ("*/prefs_*", [PREFERENCE]),
    ("*/user_preferences.*", [PREFERENCE]),
    # What was said, by whom
    ("constructed_2026/in_reaction_*", [REACTION]),
    ("*/messages.reaction__*", [REACTION]),
    ("constructed_2026/in_*", [MESSAGE]),
    ("constructed_2026/smb_echo_text", [ECHO]),
    ("*/smb_message_echoes.text__*", [ECHO]),
    # What was done to messages that are not here
    ("constructed_2026/smb_echo_edit", [EARLY_EDIT]),
    ("*/smb_message_echoes.edit__*", [EARLY_EDIT]),
    ("*/messages.edit__*", [EARLY_EDIT]),
    ("*/smb_message_echoes.revoke__*", [EARLY_REVOKE]),
    ("*/messages.revoke__*", [EARLY_REVOKE]),
    ("constructed_2026/status_*", [EARLY_STATUS]),
    ("*/messages.status-_captured_failed_pending___*", [NOTICE]),  # of money, not of a message
    ("*/messages.status-*", [EARLY_STATUS]),
    ("*/messages.*", [MESSAGE]),
    # Numbers, accounts, templates
    ("*/calls.*", [CALL]),
    ("constructed_2026/history_declined", ["HistoryChunk applied"]),
    ("constructed_2026/template_*", [TEMPLATE]),
    ("*/message_template_*", [TEMPLATE]),
    ("*/template_category_update__*", [TEMPLATE]),
    ("constructed_2026/account_offboarded", [NOTICE]),
    ("constructed_2026/capability_int", [NOTICE]),
    ("constructed_2026/handover_control_taken", [NOTICE]),
    ("constructed_2026/username_update", [NOTICE]),
    ("*/account_update.*", [NOTICE]),
    ("*/group_*_update__*", [NOTICE]),
]


def name_of(path: Path) -> str:
    return re.sub(r"__[0-9a-f]{6}$", "", path.relative_to(PAYLOADS).with_suffix("").as_posix())


def samples() -> list[Path]:
    return [path for path in sorted(PAYLOADS.rglob("*.json")) if path.stem != "_signature_vectors"]


def pattern_of(path: Path) -> int:
    return next(place for place, (pattern, _) in enumerate(EXPECTED) if fnmatchcase(name_of(path), pattern))


@pytest.fixture
def house() -> House:
    return kopi()


def body_of(path: Path, house: House) -> bytes:
    """Return the body as one of the house's number."""
    try:
        return as_number(
            path.read_bytes(), phone_number_id=house.number_id, display="60312345678", waba_id=house.account_id
        )
    except NotAWebhook:
        return path.read_bytes()


def changes_in(body: bytes) -> int:
    """Return how many changes a body holds; an entry or a body without any counts as one that is empty."""
    tree: dict[str, Any] = json.loads(body)
    return max(1, sum(len(entry.get("changes") or [None]) for entry in tree.get("entry") or []))


@needs_payloads
def test_every_pattern_is_of_use() -> None:
    assert {pattern_of(path) for path in samples()} == set(range(len(EXPECTED)))


@pytest.mark.parametrize("path", samples(), ids=name_of)
def test_a_sample_comes_in_and_a_second_time_changes_nothing(path: Path, house: House) -> None:
    body = body_of(path, house)
    first = outcomes(house, body)
    with scope(house.id):
        before = picture()
        assert len(before["gaps"]) == sum(result == "gap" for _, _, result, _ in first)
    assert [f"{event} {result} {rule}".strip() for _, event, result, rule in first] == EXPECTED[pattern_of(path)][1]
    assert {change for change, *_ in first} == set(range(changes_in(body)))
    again = outcomes(house, body + b" ")
    assert {result for _, _, result, _ in again} <= {"ignored", "gap"}
    with scope(house.id):
        assert differences(before, picture()) == []


@needs_payloads
def test_all_samples_of_one_number_come_in_and_in_another_order_change_nothing(house: House) -> None:
    # What ends Meta's access ends all that comes after it, too: that has tests of its own.
    bodies = [body for path in samples() if b"account_update" not in (body := body_of(path, house))]
    for body in bodies:
        outcomes(house, body)
    for body in bodies:
        outcomes(house, body + b" ")  # a status may tell more of a person who has become known since
    with scope(house.id):
        before = picture()
        assert len(before["messages"]) > 30
        assert not Gap.objects.filter(reason="could-not-be-applied").exists()
    for body in reversed(bodies):
        outcomes(house, body + b"  ")
    with scope(house.id):
        assert differences(before, picture()) == []


def outcomes(house: House, body: bytes) -> list[tuple[int, str, str, str]]:
    """Deliver a body and return what became of its changes: (number of the change, event, outcome, rule)."""
    deliver(house, body)
    found = Delivery.objects.latest("id")
    assert found.digested_at is not None
    assert found.body is None
    return [(line["n"], line["event"], line["outcome"], line["rule"]) for line in found.outcome or []]
