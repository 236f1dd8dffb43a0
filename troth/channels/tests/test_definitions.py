"""What a template says, needs, lacks and sends, whatever it is made of."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.channels.definition import BadValue, Button, Card, Draft, components_for, faults_of, needs_of, shown
from troth.channels.definition.checking import Fault
from troth.channels.definition.drafting import App, can_draft
from troth.channels.definition.ordering import drop_card, move_card, with_button_moved
from troth.channels.definition.reading import obstacle_of, variables_in
from troth.channels.definition.samples import with_samples
from troth.channels.template_words import FAULTS, fault_text
from troth.channels.tests.drafts import drafts, values_for


@given(drafts())
def test_whatever_is_well_formed_passes_the_checks_and_survives_the_form(draft: Draft) -> None:
    definition = draft.definition()
    assert faults_of(definition, name=draft.name, language="en", category="MARKETING", named=draft.named) == []
    again = Draft.of(definition, name=draft.name, language="en", category="MARKETING", named=draft.named)
    assert again.definition() == definition


@given(drafts())
def test_every_need_is_met_and_nothing_else_is_sent(draft: Draft) -> None:
    definition = draft.definition()
    values = values_for(definition)
    components = components_for(definition, values, category="MARKETING", named=draft.named)
    sent: list[Any] = next((one["parameters"] for one in components if one["type"] == "body"), [])
    assert len(sent) == len(variables_in(draft.body))
    assert all(("parameter_name" in one) == draft.named for one in sent)
    look = shown(definition, values)
    assert "{{" not in repr(look)


@given(drafts(), st.data())
def test_a_missing_or_broken_value_is_named(draft: Draft, data: st.DataObject) -> None:
    definition = draft.definition()
    values = values_for(definition)
    if not values:
        return
    key = data.draw(st.sampled_from(sorted(values)))
    for bad, why in (("", "missing"), ("two\nlines", "breaks"), ("a     b", "breaks")):
        with pytest.raises(BadValue) as refused:
            components_for(definition, {**values, key: bad}, named=draft.named)
        assert (refused.value.key, refused.value.why) == (key, why)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "text", "format", "buttons", "cards", "components", "example"]), inner)))  # fmt: skip
def test_what_meta_may_ever_say_is_read_without_a_failure(anything: Any) -> None:
    needs_of(anything)
    shown(anything, {})
    obstacle_of(anything)


def test_what_the_form_does_not_hold_cannot_be_drafted() -> None:
    """Saving it would take away what the form knows nothing of."""
    flow = {"type": "FLOW", "text": "Book", "flow_id": "1"}
    for button, held in ((flow, True), ({**flow, "navigate_screen": "A"}, True), ({**flow, "flow_name": "b"}, False)):
        assert can_draft([{"type": "BODY", "text": "Hello"}, {"type": "BUTTONS", "buttons": [button]}]) == held


@given(drafts())
def test_whatever_our_form_made_can_be_drafted_again(draft: Draft) -> None:
    assert can_draft(draft.definition())


def draft(**changes: Any) -> Draft:
    made = Draft(name="order_here", language="en", body="Hello {{1}}, your order is here.", examples={"body:1": "Ana"})
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("name_empty", {"name": ""}),
        ("name_shape", {"name": "Order here"}),
        ("language", {"language": ""}),
        ("body_empty", {"body": " "}),
        ("body_long", {"body": "x" * 1025}),
        ("body_edges", {"body": "{{1}} is here for you"}),
        ("body_edges", {"body": "Here it is for you: {{1}}"}),
        ("body_crowded", {"body": "Hi {{1}} {{2}} x", "examples": {"body:1": "a", "body:2": "b"}}),
        ("variable_order", {"body": "Hello {{2}}, your order is here.", "examples": {"body:2": "b"}}),
        ("variable_numbered", {"body": "Hello {{name}}, your order is here.", "examples": {"body:name": "b"}}),
        ("variable_named", {"body": "Hello {{1}}, your order is here.", "named": True}),
        ("example_missing", {"examples": {}}),
        ("braces", {"body": "Hello {{first name}}, your order is here."}),
        ("header_empty", {"header": "text"}),
        ("header_long", {"header": "text", "header_text": "x" * 61}),
        ("header_marks", {"header": "text", "header_text": "*Hello*"}),
        ("header_marks", {"header": "text", "header_text": "Hello 🎂"}),
        ("sample_missing", {"header": "image"}),
        ("footer_long", {"footer": "x" * 61}),
        ("footer_variables", {"footer": "For {{1}}"}),
        ("buttons_many", {"buttons": [Button(text=f"No {n}") for n in range(11)]}),
        ("buttons_mixed", {"buttons": [Button(text="a"), Button("URL", "b", "https://a.org"), Button(text="c")]}),
        ("buttons_alike", {"buttons": [Button(text="a"), Button(text="a")]}),
        ("too_many_url", {"buttons": [Button("URL", str(n), "https://a.org") for n in range(3)]}),
        ("button_empty", {"buttons": [Button()]}),
        ("button_long", {"buttons": [Button(text="x" * 26)]}),
        ("button_url", {"buttons": [Button("URL", "a", "a.org")]}),
        ("button_url_variable", {"buttons": [Button("URL", "a", "https://a.org/{{1}}/x")]}),
        ("button_url_example", {"buttons": [Button("URL", "a", "https://a.org/{{1}}")]}),
        ("button_phone", {"buttons": [Button("PHONE_NUMBER", "a", "0800")]}),
        ("button_coupon", {"buttons": [Button("COPY_CODE")]}),
        ("button_flow", {"buttons": [Button("FLOW", "a")]}),
        ("product_header", {"category": "MARKETING", "buttons": [Button("SPM", "View")]}),
        ("products_category", {"buttons": [Button("MPM", "View items")]}),
        ("cards_count", {"kind": "carousel", "cards": [Card("4::a", "", "Hello", [Button(text="a")])]}),
        ("cards_differ", {"kind": "carousel", "cards": [Card("4::a", "", "Hello", [Button(text="a")]), Card("4::a")]}),
        ("card_sample_missing", {"kind": "carousel", "cards": [Card(buttons=[Button(text="a")])] * 2}),
        ("offer_category", {"kind": "offer", "offer_text": "Now"}),
        ("offer_long", {"kind": "offer", "offer_text": "x" * 17}),
        ("offer_link", {"kind": "offer", "offer_text": "Now"}),
        ("minutes", {"category": "AUTHENTICATION", "minutes": "91"}),
        ("apps_count", {"category": "AUTHENTICATION", "otp": "ONE_TAP"}),
        ("apps_count", {"category": "AUTHENTICATION", "otp": "ONE_TAP", "apps": [App("com.a", "a" * 11)] * 6}),
        ("apps_alike", {"category": "AUTHENTICATION", "otp": "ONE_TAP", "apps": [App("com.a", "a" * 11)] * 2}),
        ("apps", {"category": "AUTHENTICATION", "otp": "ZERO_TAP", "apps": [App("com.a", "a" * 11), App("com.b", "x")]}),
        ("zero_tap_terms", {"category": "AUTHENTICATION", "otp": "ZERO_TAP"}),
    ],
)  # fmt: skip
def test_what_meta_usually_refuses_is_told_before(code: str, changes: dict[str, Any]) -> None:
    one = draft(**changes)
    found = faults_of(one.definition(), name=one.name, language=one.language, category=one.category, named=one.named)
    assert code in [fault.code for fault in found]
    assert all(fault_text(fault) for fault in found)
    assert "%(" not in "".join(fault_text(fault) for fault in found)


def test_a_good_template_has_no_fault() -> None:
    one = draft()
    assert faults_of(one.definition(), name=one.name, language="en", category="UTILITY", named=False) == []


def test_every_fault_has_words() -> None:
    for code in FAULTS:
        assert fault_text(Fault(code=code, where="buttons", at=1, word="x"))


def test_a_code_is_sent_in_the_text_and_in_the_button() -> None:
    one = draft(category="AUTHENTICATION")
    components = components_for(one.definition(), {"code": "123456"}, category="AUTHENTICATION")
    assert [one["type"] for one in components] == ["body", "button"]
    assert {one["parameters"][0]["text"] for one in components} == {"123456"}
    assert shown(one.definition(), {"code": "123456"}, category="AUTHENTICATION")["body"].startswith("*123456*")


def test_products_go_out_of_the_numbers_catalogue() -> None:
    definition = [
        {"type": "HEADER", "format": "PRODUCT"},
        {"type": "BODY", "text": "Look at this"},
        {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View all the items that we have"}]},
    ]
    values = {"header:product": "SKU-1", "button:0": "SKU-1, ,SKU-2,"}
    header, button = components_for(definition, values, catalog_id="77")
    assert header["parameters"][0]["product"] == {"product_retailer_id": "SKU-1", "catalog_id": "77"}
    action = button["parameters"][0]["action"]
    assert action["thumbnail_product_retailer_id"] == "SKU-1"
    assert [one["product_retailer_id"] for one in action["sections"][0]["product_items"]] == ["SKU-1", "SKU-2"]
    assert len(action["sections"][0]["title"]) <= 24
    for bad in (" , ", ",".join(f"SKU-{n}" for n in range(31))):
        with pytest.raises(BadValue):
            components_for(definition, {**values, "button:0": bad}, catalog_id="77")


def test_what_the_form_does_not_hold_is_not_edited_by_it() -> None:
    body = {"type": "BODY", "text": "Hello"}
    app = {"package_name": "com.example", "signature_hash": "abcdefghijk"}
    flow = {"type": "FLOW", "text": "Fill in", "flow_id": "1", "flow_action": "DATA_EXCHANGE"}
    for button in (
        flow,
        {"type": "FLOW", "text": "x", "flow_json": "{}"},
        {"type": "OTP", "supported_apps": [app] * 6},
        {"type": "OTP", "supported_apps": [{**app, "platform": "x"}]},
    ):
        assert not can_draft([body, {"type": "BUTTONS", "buttons": [button]}])
    for button in ({**flow, "flow_action": "NAVIGATE"}, {"type": "OTP", "supported_apps": [app] * 5}):
        assert can_draft([body, {"type": "BUTTONS", "buttons": [button]}])


def test_positional_values_go_by_their_number_wherever_they_stand() -> None:
    definition = [{"type": "BODY", "text": "Order {{2}} for {{1}} is here"}]
    [body] = components_for(definition, {"body:1": "Mei", "body:2": "17"})
    assert [one["text"] for one in body["parameters"]] == ["Mei", "17"]


@pytest.mark.parametrize("link", ["http://example.org/a.png", "ftp://x", "example.org/a.png", "https://a b.org/x"])
def test_a_file_is_a_whole_address(link: str) -> None:
    with pytest.raises(BadValue, match="link"):
        components_for([{"type": "HEADER", "format": "IMAGE"}], {"header:file": link})


def test_several_apps_take_a_code_and_survive_the_form() -> None:
    apps = [App(f"com.example.app{n}", f"abcdefghij{n}") for n in range(5)]
    one = draft(category="AUTHENTICATION", otp="ONE_TAP", apps=apps)
    assert faults_of(one.definition(), name=one.name, language="en", category="AUTHENTICATION", named=False) == []
    again = Draft.of(one.definition(), name=one.name, language="en", category="AUTHENTICATION", named=False)
    assert again.apps == apps


KINDS = st.lists(st.sampled_from(["QUICK_REPLY", "URL", "PHONE_NUMBER"]), min_size=1, max_size=6)


@given(KINDS, st.booleans(), st.data())
def test_moving_a_button_never_parts_the_quick_replies(kinds: list[str], first: bool, data: st.DataObject) -> None:
    kinds = sorted(kinds, key=lambda kind: (kind == "QUICK_REPLY") != first)
    buttons = [Button(kind, str(number)) for number, kind in enumerate(kinds)]
    at, step = data.draw(st.integers(0, len(buttons) - 1)), data.draw(st.sampled_from([-1, 1]))
    moved, stands = with_button_moved(buttons, at, step=step)
    assert sorted(one.text for one in moved) == sorted(one.text for one in buttons)
    assert moved[stands] is buttons[at]
    assert (moved == buttons) == (not 0 <= at + step < len(buttons))
    replies = [one.kind == "QUICK_REPLY" for one in moved]
    assert sum(left != right for left, right in pairwise(replies)) <= 1


def test_cards_take_the_examples_of_their_variables_along() -> None:
    cards = [Card(body=f"Card {name} has {{{{1}}}} for you") for name in "abc"]
    one = draft(
        kind="carousel", cards=cards, examples={"body:1": "Ana"} | {f"card{n}.body:1": "abc"[n] for n in range(3)}
    )
    assert move_card(one, 2, step=-1) == 1
    assert ([card.body[5] for card in one.cards], one.examples["card1.body:1"]) == (["a", "c", "b"], "c")
    drop_card(one, 0)
    assert one.examples == {"body:1": "Ana", "card0.body:1": "c", "card1.body:1": "b"}
    assert move_card(one, 1, step=1) == 1


@given(drafts())
def test_samples_that_were_uploaded_here_outlive_what_meta_tells_of_them(draft: Draft) -> None:
    ours = draft.definition()
    told = _as_meta_tells(ours)
    assert with_samples(told, ours) == ours
    other = [{**part, "text": "Other words"} if part["type"] == "BODY" else part for part in told]
    assert with_samples(other, ours) == other
    assert with_samples(told, None) == told


def _as_meta_tells(definition: Any) -> Any:
    """Return a definition with addresses in the places of handles."""
    if isinstance(definition, list):
        return [_as_meta_tells(one) for one in definition]
    if not isinstance(definition, dict):
        return definition
    told = {key: _as_meta_tells(value) for key, value in definition.items()}
    return {**told, "header_handle": ["https://scontent.example/v/1"]} if "header_handle" in told else told
