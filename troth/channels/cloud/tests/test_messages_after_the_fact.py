"""Reactions, edits and deletions, theirs and ours; and what we wrote from the phone app."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE, OUR_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import (
    Content,
    Event,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    ReactionChanged,
    Unrecognised,
)


def theirs(kind: str, /, **parts: Any) -> Event:
    [event] = parse(bodies.messages_body(bodies.message(kind, **parts)))
    return event


def ours(kind: str = "text", /, **parts: Any) -> Event:
    sent = bodies.message(kind, **{"from": OUR_PHONE, "to": ANA_PHONE, "from_user_id": None, **parts})
    value = bodies.value(contacts=[bodies.ANA], message_echoes=[sent])
    [event] = parse(bodies.body(bodies.change("smb_message_echoes", value)))
    return event


def test_a_reaction() -> None:
    event = theirs("reaction", reaction={"message_id": "wamid.out1", "emoji": "😮"})
    assert isinstance(event, ReactionChanged)
    assert (event.target_id, event.emoji, event.from_us, event.who.phone) == ("wamid.out1", "😮", False, ANA_PHONE)


@pytest.mark.parametrize("emoji", [{"emoji": ""}, {"emoji": None}, {}])
def test_a_reaction_taken_away(emoji: Any) -> None:
    event = theirs("reaction", reaction={"message_id": "wamid.out1", **emoji})
    assert isinstance(event, ReactionChanged)
    assert event.emoji is None


def test_an_edit_names_the_original_and_brings_the_new_words() -> None:
    inner = {"type": "text", "text": {"body": "better"}, "context": {"id": "M0"}}
    event = theirs("edit", edit={"original_message_id": "wamid.in0", "message": inner})
    assert isinstance(event, MessageEdited)
    assert (event.target_id, event.content) == ("wamid.in0", Content(kind="text", text="better"))


def test_an_edit_without_words_says_so() -> None:
    event = theirs("edit", edit={"original_message_id": "wamid.in0"})
    assert isinstance(event, MessageEdited)
    assert event.content == Content(kind="unsupported", data={"type": "edit"})


def test_a_deletion() -> None:
    event = theirs("revoke", revoke={"original_message_id": "wamid.in0"})
    assert isinstance(event, MessageRevoked)
    assert (event.target_id, event.external_id, event.from_us) == ("wamid.in0", "wamid.in1", False)


@pytest.mark.parametrize("kind", ["reaction", "edit", "revoke"])
@pytest.mark.parametrize("part", [None, {}, "?", {"message_id": None, "original_message_id": []}])
def test_what_changes_nothing_known_is_named(kind: str, part: Any) -> None:
    event = theirs(kind, **{kind: part})
    assert isinstance(event, Unrecognised)
    assert (event.why, event.external_id) == ("no_target", "wamid.in1")


def test_what_the_phone_app_sent_is_ours_and_goes_to_the_person() -> None:
    event = ours()
    assert isinstance(event, MessageEchoed)
    assert (event.who.phone, event.who.bsuid, event.who.name) == (ANA_PHONE, ANA_BSUID, "Ana Prat")
    assert event.content.text == "hola"


def test_an_echo_may_name_the_person_by_user_id_only() -> None:
    event = ours(to=None, to_user_id=ANA_BSUID, to_parent_user_id="ES.ENT.1")
    assert isinstance(event, MessageEchoed)
    assert (event.who.bsuid, event.who.parent_bsuid) == (ANA_BSUID, "ES.ENT.1")


def test_an_echo_that_names_both_ends_the_wrong_way_round_is_still_the_persons() -> None:
    event = ours(**{"from": ANA_PHONE, "to": OUR_PHONE})
    assert isinstance(event, MessageEchoed)
    assert event.who.phone == ANA_PHONE


def test_an_echo_among_the_messages_is_told_by_its_sender() -> None:
    event = theirs("text", **{"from": OUR_PHONE, "to": ANA_PHONE, "from_user_id": None})
    assert isinstance(event, MessageEchoed)
    assert event.who.phone == ANA_PHONE


def test_our_own_edits_deletions_and_reactions_are_ours() -> None:
    edited = ours(
        "edit", edit={"original_message_id": "wamid.out0", "message": {"type": "text", "text": {"body": "b"}}}
    )
    revoked = ours("revoke", revoke={"original_message_id": "wamid.out0"})
    reacted = ours("reaction", reaction={"message_id": "wamid.in0", "emoji": "👍"})
    assert isinstance(edited, MessageEdited)
    assert isinstance(revoked, MessageRevoked)
    assert isinstance(reacted, ReactionChanged)
    assert edited.from_us
    assert revoked.from_us
    assert reacted.from_us


@pytest.mark.parametrize(
    ("item", "why"), [("?", "not_an_object"), ([1], "not_an_object"), ({}, "empty"), (None, "empty")]
)
@pytest.mark.parametrize("part", ["messages", "message_echoes", "statuses", "calls", "groups"])
def test_an_item_that_is_none_is_named(part: str, item: Any, why: str) -> None:
    [event] = parse(bodies.body(bodies.change("messages", bodies.value(**{part: [item]}))))
    assert isinstance(event, Unrecognised)
    assert event.why == why


def test_a_message_without_an_id_is_named_since_it_could_come_twice() -> None:
    event = theirs("text", id=None)
    assert isinstance(event, Unrecognised)
    assert event.why == "no_id"


def test_one_bad_message_costs_no_other() -> None:
    events = parse(bodies.messages_body("?", bodies.message(), bodies.message(id="wamid.in2")))
    assert [type(event) for event in events] == [Unrecognised, MessageReceived, MessageReceived]
