"""Create, review, list, edit, delete; and sends that fit the definition or not."""

from typing import Any

import pytest

from sandbox.tests.conftest import OTHER_TOKEN, Bench

LIST = "/v26.0/300/message_templates"
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your order {{2}} is on its way.",
    "example": {"body_text": [["Ann", "5"]]},
}
ORDER = {"name": "order_sent", "language": "en_US", "category": "UTILITY", "components": [BODY]}


def words(*texts: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "body", "parameters": [{"type": "text", "text": text, **more} for text in texts]}]


def message(components: list[dict[str, Any]], *, name: str = "order_sent", code: str = "en_US") -> dict[str, Any]:
    template = {"name": name, "language": {"code": code}, "components": components}
    return {"type": "template", "template": template}


async def make(bench: Bench, definition: dict[str, Any] | None = None, **changes: Any) -> str:
    answer = await bench.call("POST", LIST, {**(definition or ORDER), **changes})
    assert answer.status == 200, answer.body
    await bench.settle()
    template_id: str = answer.json["id"]
    return template_id


async def test_a_new_template_is_approved_a_moment_later_and_told(bench: Bench) -> None:
    answer = await bench.call("POST", LIST, ORDER)
    assert (answer.json["status"], answer.json["category"]) == ("PENDING", "UTILITY")
    assert (await bench.send(message(words("Ann", "5")))).code == 132001
    await bench.settle()
    assert (await bench.send(message(words("Ann", "5")))).status == 200
    [told] = bench.changes("message_template_status_update")
    assert told == {
        "event": "APPROVED",
        "message_template_id": int(answer.json["id"]),
        "message_template_name": "order_sent",
        "message_template_language": "en_US",
        "reason": "NONE",
        "message_template_category": "UTILITY",
    }


async def test_the_review_can_end_badly(bench: Bench) -> None:
    template_id = await make(bench, name="please_reject_me")
    [told] = bench.changes("message_template_status_update")
    assert (told["event"], told["reason"]) == ("REJECTED", "INVALID_FORMAT")
    node = (await bench.call("GET", f"/v26.0/{template_id}?fields=status,rejected_reason")).json
    assert node["status"] == "REJECTED"


@pytest.mark.parametrize(
    ("components", "code"),
    [
        (words("Ann"), 132000),
        (words("Ann", "5", "6"), 132000),
        ([], 132000),
        (words("Ann", "two\nlines"), 132008),
        (words("Ann", "a     b"), 132008),
        (words("Ann", ""), 131008),
        ([*words("Ann", "5"), {"type": "header", "parameters": [{"type": "text", "text": "x"}]}], 132000),
        (
            [
                *words("Ann", "5"),
                {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "x"}]},
            ],
            132018,
        ),
        ([{"type": "body", "parameters": [{"type": "text"}]}], 100),
        ([{"type": "torso", "parameters": []}], 100),
    ],
)
async def test_a_send_that_does_not_fit_is_refused(bench: Bench, components: list[dict[str, Any]], code: int) -> None:
    await make(bench)
    assert (await bench.send(message(components))).code == code


async def test_the_language_may_be_written_either_way(bench: Bench) -> None:
    await make(bench)
    assert (await bench.send(message(words("A", "5"), code="en-US"))).status == 200
    assert (await bench.send(message(words("A", "5"), code="en"))).code == 132001


async def test_named_parameters_go_by_name(bench: Bench) -> None:
    body = {**BODY, "text": "Hello {{first_name}}, all is well with you.", "example": {"body_text_named_params": []}}
    await make(bench, name="named", components=[body], parameter_format="named")
    good = words("Ann", parameter_name="first_name")
    assert (await bench.send(message(good, name="named"))).status == 200
    assert (await bench.send(message(words("Ann"), name="named"))).code == 132018


async def test_a_picture_header_wants_a_picture(bench: Bench) -> None:
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::x"]}}
    await make(bench, name="pic", components=[header, {"type": "BODY", "text": "Look"}])
    link = {"link": "https://example.org/a.jpg"}
    good = [{"type": "header", "parameters": [{"type": "image", "image": link}]}]
    assert (await bench.send(message(good, name="pic"))).status == 200
    bad = [{"type": "header", "parameters": [{"type": "video", "video": link}]}]
    assert (await bench.send(message(bad, name="pic"))).code == 132012
    assert (await bench.send(message([], name="pic"))).code == 132012


async def test_a_sample_is_told_by_an_address_which_is_not_taken_back(bench: Bench) -> None:
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::x"]}}
    template_id = await make(bench, name="pic", components=[header, {"type": "BODY", "text": "Look"}])
    node = (await bench.call("GET", f"/v26.0/{template_id}")).json
    [told] = node["components"][0]["example"]["header_handle"]
    assert told.startswith("https://")
    assert (await bench.call("POST", f"/v26.0/{template_id}", {"components": node["components"]})).code == 100
    assert (await bench.call("POST", f"/v26.0/{template_id}", {"components": [header, {"type": "BODY", "text": "Look here"}]})).status == 200  # fmt: skip


async def test_a_code_goes_to_at_most_five_apps(bench: Bench) -> None:
    app = {"package_name": "com.example.app", "signature_hash": "abcdefghijk"}
    for apps, status in (([app] * 5, 200), ([app] * 6, 400), ([], 400), ([{"package_name": "com.example.app"}], 400)):
        button = {"type": "OTP", "otp_type": "ONE_TAP", "supported_apps": apps}
        parts = [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [button]}]
        definition = {"name": f"code_{len(apps)}", "language": "en", "category": "AUTHENTICATION", "components": parts}
        assert (await bench.call("POST", LIST, definition)).status == status


async def test_a_button_with_an_open_address_wants_its_end(bench: Bench) -> None:
    buttons = {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://a.org/{{1}}"}]}
    await make(bench, name="link", components=[{"type": "BODY", "text": "Look"}, buttons])
    assert (await bench.send(message([], name="link"))).code == 131008
    end = [{"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "5"}]}]
    assert (await bench.send(message(end, name="link"))).status == 200


async def test_a_code_needs_a_number_to_go_to(bench: Bench) -> None:
    buttons = {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}
    definition = {"name": "code", "language": "en", "category": "AUTHENTICATION"}
    await make(bench, {**definition, "components": [{"type": "BODY"}, buttons]})
    send = message(words("123456"), name="code", code="en")
    assert (await bench.send({**send, "recipient": "GB.99"})).code == 131062
    assert (await bench.send(send)).status == 200


async def test_paused_and_disabled_templates_cannot_be_sent(bench: Bench) -> None:
    template_id = await make(bench)
    for status, code in (("PAUSED", 132015), ("DISABLED", 132016)):
        await bench.control("POST", "/templates", {"template_id": template_id, "status": status})
        assert (await bench.send(message(words("A", "5")))).code == code
    await bench.settle()
    events = [value["event"] for value in bench.changes("message_template_status_update")]
    assert events == ["APPROVED", "PAUSED", "DISABLED"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Order Sent"}, 100),
        ({"language": "English"}, 100),
        ({"category": "SPAM"}, 100),
        ({"components": []}, 100),
        ({"components": [{"type": "FOOTER", "text": "x"}]}, 100),
        ({"components": [{"type": "BODY", "text": "x" * 1025}]}, 2388072),
        ({"components": [{"type": "BODY", "text": "{{1}} is here for you", "example": {}}]}, 2388299),
        ({"components": [{"type": "BODY", "text": "Hi {{1}} {{2}} {{3}} x", "example": {"a": 1}}]}, 2388293),
        ({"components": [{"type": "BODY", "text": "x"}, {"type": "FOOTER", "text": "x" * 61}]}, 2388073),
        ({"components": [{"type": "BODY", "text": "x"}, {"type": "HEADER", "text": "x" * 61}]}, 2388047),
    ],
)
async def test_a_definition_that_is_wrong_is_refused(bench: Bench, change: dict[str, Any], code: int) -> None:
    assert (await bench.call("POST", LIST, {**ORDER, **change})).code == code
    assert bench.account.templates == {}


async def test_the_same_name_and_language_exists_once(bench: Bench) -> None:
    await make(bench)
    assert (await bench.call("POST", LIST, ORDER)).code == 2388024
    await make(bench, language="ms")


async def test_lists_are_filtered_and_paged(bench: Bench) -> None:
    for index in range(3):
        await make(bench, name=f"order_{index}", category="MARKETING" if index else "UTILITY")
    listed = (await bench.call("GET", f"{LIST}?category=MARKETING&fields=name,status")).json["data"]
    assert [template["name"] for template in listed] == ["order_1", "order_2"]
    page = (await bench.call("GET", f"{LIST}?limit=2")).json
    rest = (await bench.call("GET", f"{LIST}?limit=2&after={page['paging']['cursors']['after']}")).json
    assert len(page["data"]) == 2
    assert len(rest["data"]) == 1
    assert "next" in page["paging"]
    assert "next" not in rest["paging"]


async def test_an_edited_template_is_reviewed_again(bench: Bench) -> None:
    template_id = await make(bench)
    changed = [{"type": "BODY", "text": "Hello."}]
    assert (await bench.call("POST", f"/v26.0/{template_id}", {"components": changed})).json == {"success": True}
    assert (await bench.call("GET", f"/v26.0/{template_id}")).json["status"] == "PENDING"
    assert (await bench.call("POST", f"/v26.0/{template_id}", {"components": changed})).code == 100
    await bench.settle()
    assert (await bench.send(message([]))).status == 200


async def test_deleting_takes_all_languages_or_one(bench: Bench) -> None:
    first = await make(bench)
    await make(bench, language="ms")
    assert (await bench.call("DELETE", f"{LIST}?name=order_sent&hsm_id={first}")).json == {"success": True}
    assert [template.language for template in bench.account.templates.values()] == ["ms"]
    assert (await bench.call("DELETE", f"{LIST}?name=order_sent")).status == 200
    assert (await bench.call("DELETE", f"{LIST}?name=order_sent")).status == 404
    await bench.settle()
    assert bench.changes("message_template_status_update")[-1]["reason"] is None


async def test_others_do_not_see_it(bench: Bench) -> None:
    template_id = await make(bench)
    assert (await bench.call("GET", f"/v26.0/{template_id}", token=OTHER_TOKEN)).json["error"]["error_subcode"] == 33
    assert (await bench.call("GET", "/v26.0/310/message_templates", token=OTHER_TOKEN)).json == {"data": []}
