"""Every request that others wrote down is one of ours, is refused with a reason, or is none that we make, and why."""

import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from troth.channels.cloud import blocks, checks, face, media, receipts, templates
from troth.channels.cloud.build import body_for
from troth.channels.cloud.graph import Outside as Client
from troth.channels.cloud.refusal import Refusal
from troth.channels.cloud.tests.other_requests import compared, outbound, read
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference
from troth.channels.cloud.tests.test_sending import Outside
from troth.channels.contract import Raw
from troth.channels.definition.drafting import Draft, can_draft

REQUESTS = REFERENCE / "outgoing_requests"
NUMBER, ACCOUNT = "7008", "9009"
Call = Callable[[checks.Graph, Raw], Coroutine[Any, Any, Any]]


async def _blocked(graph: checks.Graph, body: Raw, *, block: bool) -> Any:
    people = [one["user"] for one in body["block_users"]]
    return await blocks.change(graph, number_id=NUMBER, people=people, block=block)


async def _submitted(graph: checks.Graph, body: Raw, *, id: str | None = None) -> Any:
    """Hand in what our form holds of a template."""
    parts = body["components"]
    named = {"name": body["name"], "language": body["language"], "category": body["category"]}
    if not can_draft(parts):
        return None
    draft = Draft.of(parts, **named, named=False)
    return await templates.submit(
        graph, account_id=ACCOUNT, template_id=id, body={**named, "components": draft.definition()}
    )


async def _given(graph: checks.Graph, body: Raw) -> Any:
    mime = body["file"].partition(";type=")[2]
    return await media.give(graph, number_id=NUMBER, mime=mime, size_bytes=5, pieces=[body["file"].encode()])


# By the end of the address, what is done there, and how.
CALLS: tuple[tuple[str, str, Call], ...] = (
    (
        "/messages",
        "read and typing",
        lambda graph, body: receipts.mark_read(graph, number_id=NUMBER, external_id=body["message_id"], typing=True),
    ),
    (
        "/messages",
        "read",
        lambda graph, body: receipts.mark_read(graph, number_id=NUMBER, external_id=body["message_id"], typing=False),
    ),
    ("{{Phone-Number-ID}}", "pin set", lambda graph, body: face.set_pin(graph, NUMBER, body["pin"])),
    (
        "/subscribed_apps",
        "account's news sent here",
        lambda graph, body: checks.subscribe_account(
            graph,
            account_id=ACCOUNT,
            app_id="1",
            callback_url=body["override_callback_uri"],
            verify_token=body["verify_token"],
        ),
    ),
    ("/message_templates", "template handed in", _submitted),
    ("<TEMPLATE_ID>", "template changed", lambda graph, body: _submitted(graph, body, id="55")),
    ("/media", "file given", _given),
    ("/whatsapp_business_profile", "profile set", lambda graph, body: face.set_profile(graph, NUMBER, body)),
    (
        "/message_qrdls",
        "greeting of a link changed",
        lambda graph, body: face.set_link(graph, NUMBER, body["prefilled_message"], code=body["code"]),
    ),
    ("/message_qrdls", "link made", lambda graph, body: face.set_link(graph, NUMBER, body["prefilled_message"])),
    ("/block_users", "blocked", lambda graph, body: _blocked(graph, body, block=True)),
    ("/block_users", "unblocked", lambda graph, body: _blocked(graph, body, block=False)),
)

# Of a contact card we say what the composer asks for.
CARD = (
    "said but for contacts.addresses.city contacts.addresses.country contacts.addresses.country_code "
    "contacts.addresses.state contacts.addresses.street contacts.addresses.type "
    "contacts.addresses.zip contacts.birthday contacts.emails.type contacts.name.last_name "
    "contacts.name.middle_name contacts.name.prefix contacts.name.suffix contacts.org.department "
    "contacts.org.title contacts.urls.type contacts.urls.url"
)
ACCOUNTED: dict[str, str] = {
    "001-Get-Started-Register-Phone-Number": "never: a number is registered at Meta before it is connected here",
    "002-Get-Started-Send-Test-Message": "said",
    "003-Registration-Register-Phone": "never: a number is registered at Meta before it is connected here",
    "004-Registration-Register-Phone-Register-Phone": "never: a number is registered at Meta before it is connected here",
    "005-Phone-Numbers-Request-Verification-Code": "never: a number is proven to be somebody's at Meta, before it is connected here",
    "006-Phone-Numbers-Verify-Code": "never: a number is proven to be somebody's at Meta, before it is connected here",
    "007-Phone-Numbers-Set-Two-Step-Verification-Code": "pin set",
    "008-Phone-Numbers-Set-Two-Step-Verification-Code-Set-Two-Step-Verification-Code": "pin set",
    "009-Webhook-Subscriptions-Override-Callback-URL": "account's news sent here",
    "010-Webhook-Subscriptions-Override-Callback-URL-Override-Callback-URL": "account's news sent here",
    "011-Messages-Send-Text-Message": "said",
    "012-Messages-Send-Reply-to-Text-Message": "said",
    "013-Messages-Send-Text-Message-with-Preview-URL": "said",
    "014-Messages-Send-Text-Message-with-Preview-URL-Send-Text-Message-with-Preview-URL": "said",
    "015-Messages-Send-Reply-with-Reaction-Message": "said",
    "016-Messages-Send-Reply-with-Reaction-Message-Send-Reply-with-Reaction-Message": "said",
    "017-Messages-Send-Image-Message-by-ID": "said",
    "018-Messages-Send-Reply-to-Image-Message-by-ID": "said",
    "019-Messages-Send-Image-Message-by-URL": "said",
    "020-Messages-Send-Reply-to-Image-Message-by-URL": "said",
    "021-Messages-Send-Audio-Message-by-ID": "said",
    "022-Messages-Send-Audio-Message-by-ID-Send-Audio-Message-by-ID": "said",
    "023-Messages-Send-Reply-to-Audio-Message-by-ID": "said",
    "024-Messages-Send-Reply-to-Audio-Message-by-ID-Send-Reply-to-Audio-Message-by-ID": "said",
    "025-Messages-Send-Audio-Message-by-URL": "said",
    "026-Messages-Send-Audio-Message-by-URL-Send-Audio-Message-By-URL": "said",
    "027-Messages-Send-Reply-to-Audio-Message-by-URL": "said",
    "028-Messages-Send-Reply-to-Audio-Message-by-URL-Send-Reply-to-Audio-Message-by-URL": "said",
    "029-Messages-Send-Document-Message-by-ID": "said",
    "030-Messages-Send-Reply-to-Document-Message-by-ID": "said",
    "031-Messages-Send-Document-Message-by-URL": "said",
    "032-Messages-Send-Document-Message-by-URL-Send-Document-Message-by-URL": "said",
    "033-Messages-Send-Reply-to-Document-Message-by-URL": "said",
    "034-Messages-Send-Sticker-Message-by-ID": "said",
    "035-Messages-Send-Reply-to-Sticker-Message-by-ID": "said",
    "036-Messages-Send-Sticker-Message-by-URL": "said",
    "037-Messages-Send-Reply-to-Sticker-Message-by-URL": "said",
    "038-Messages-Send-Video-Message-by-ID": "said",
    "039-Messages-Send-Reply-to-Video-Message-by-ID": "said",
    "040-Messages-Send-Video-Message-by-URL": "said",
    "041-Messages-Send-Reply-to-Video-Message-by-URL": "said",
    "042-Messages-Send-Contact-Message": CARD,
    "043-Messages-Send-Contact-Message-Send-Contact-Message": CARD,
    "044-Messages-Send-Reply-to-Contact-Message": CARD,
    "045-Messages-Send-Reply-to-Contact-Message-Send-Reply-to-Contact-Message": CARD,
    "046-Messages-Send-Location-Message": "refused: place",
    "047-Messages-Send-Location-Message-Send-Location-Messages": "said",
    "048-Messages-Send-Reply-to-Location-Message": "refused: place",
    "049-Messages-Send-Reply-to-Location-Message-Send-Reply-to-Location-Message": "said",
    "050-Messages-Send-Message-Template-Text": "said",
    "051-Messages-Send-Message-Template-Media": "said",
    "052-Messages-Send-Message-Template-Interactive": "said",
    "053-Messages-Send-List-Message": "said",
    "054-Messages-Send-Reply-to-List-Message": "said",
    "055-Messages-Send-Reply-to-List-Message-Send-Reply-to-List-Message": "said and adds type",
    "056-Messages-Send-Reply-Button": "said",
    "057-Messages-Mark-Message-As-Read": "read POST",
    "058-Messages-Mark-Message-As-Read-Mark-Message-As-Read": "read POST",
    "059-Messages-Send-Single-Product-Message": "said",
    "060-Messages-Send-Multi-Product-Message": "refused: unsupported_kind",
    "061-Messages-Send-Catalog-Message": "said",
    "062-Messages-Send-Catalog-Message-Example-response": "said",
    "063-Messages-Send-Catalog-Template-Message": "said",
    "064-Messages-Send-Catalog-Template-Message-Example-response": "said",
    "065-Templates-Create-authentication-template-w-OTP-copy-code-button": "template handed in",
    "066-Templates-Create-authentication-template-w-OTP-one-tap-autofill-button": "template handed in but for components.buttons.package_name components.buttons.signature_hash, and adds components.buttons.supported_apps.package_name components.buttons.supported_apps.signature_hash",
    "067-Templates-Create-catalog-template": "template handed in",
    "068-Templates-Create-multi-product-message-template": "template handed in",
    "069-Templates-Create-template-w-text-header-text-body-text-footer-and-2-quick-reply": "template handed in",
    "070-Templates-Create-template-w-image-header-text-body-text-footer-and-2-call-to-act": "template handed in",
    "071-Templates-Create-template-w-image-header-text-body-text-footer-and-2-call-to-act": "template handed in",
    "072-Templates-Create-template-w-location-header-text-body-text-footer-and-a-website": "template handed in",
    "073-Templates-Create-template-w-document-header-text-body-a-phone-number-button-and": "template handed in",
    "074-Templates-Edit-template": "template changed",
    "075-Send-Flow-Send-Draft-Flow-by-Name": "said",
    "076-Send-Flow-Send-Draft-Flow-by-ID": "said",
    "077-Send-Flow-Send-Published-Flow-by-Name": "said",
    "078-Send-Flow-Send-Published-Flow-by-ID": "said",
    "079-Send-Flow-Create-Flow-Template-Message-by-Name": "template handed in: the form does not hold all of it",
    "080-Send-Flow-Create-Flow-Template-Message-by-Flow-JSON": "template handed in: the form does not hold all of it",
    "081-Send-Flow-Create-Flow-Template-Message-by-ID": "template handed in",
    "082-Send-Flow-Send-Flow-Template-Message": "said",
    "083-Media-Upload-Image-Upload-Image-JSON": "file given and adds type",
    "084-Media-Upload-Sticker-Upload-Sticker-File-JSON": "file given and adds type",
    "085-Media-Upload-Audio": "file given and adds type",
    "086-Media-Upload-Audio-Upload-Audio-JSON": "file given and adds type",
    "087-Typing-indicators-Send-typing-indicator-and-read-receipt": "read and typing",
    "088-Typing-indicators-Send-typing-indicator-and-read-receipt-Send-typing-indicator-a": "read and typing",
    "089-Business-Profiles-Update-Business-Profile": "profile set but for profile_picture_handle",
    "090-Business-Profiles-Update-Business-Profile-Update-Business-Profile": "profile set but for profile_picture_handle",
    "091-Payments-API-SG-Send-Order-Details-Message": "refused: empty",
    # Their references are placeholders, longer than a reference may be.
    "092-Payments-API-SG-Send-Order-Status-Message": "refused: too_long",
    "093-Payments-API-SG-Send-Order-Status-Message-Send-Order-Status-Message": "refused: too_long",
    "094-Payments-API-IN-Send-Order-Details-Message": "said",
    "095-Payments-API-IN-Send-Order-Status-Message": "said",
    "096-Payments-API-IN-Send-Order-Status-Message-Send-Order-Status-Message": "refused: too_long",
    "097-QR-codes-Create-QR-code": "link made but for generate_qr_image",
    "098-QR-codes-Create-QR-code-Example-Response": "link made but for generate_qr_image",
    "099-QR-codes-Update-Message-QR-Code": "greeting of a link changed",
    "100-QR-codes-Update-Message-QR-Code-Example-Response": "greeting of a link changed",
    "101-OnPrem-Account-Migration-Migrate-Account": "never: there is no On-Premises API to come from any more",
    "102-OnPrem-Account-Migration-Migrate-Account-Migrate-Account": "never: there is no On-Premises API to come from any more",
    "103-Block-Users-Block-user-s": "blocked but for block_users.user, and adds block_users.user_id",
    "104-Block-Users-Block-user-s-Block-user-s": "blocked",
    "105-Block-Users-Unblock-user-s": "unblocked but for block_users.user, and adds block_users.user_id",
    "106-Block-Users-Unblock-user-s-Unblock-user-s": "unblocked",
    "107-Business-Compliance-Add-India-based-business-compliance-info": "never: the details that India asks for are entered at Meta",
    "108-Business-Compliance-Add-India-based-business-compliance-info-Sample-response": "never: the details that India asks for are entered at Meta",
    "109-Examples-Send-Sample-Text-Message": "said",
    "110-Examples-Send-Sample-Text-Message-Send-Sample-Text-message": "said",
    "111-Examples-Send-Sample-Shipping-Confirmation-Template": "said but for template.language.policy",
    "112-Examples-Send-Sample-Issue-Resolution-Template": "said but for template.language.policy",
}


def requests() -> list[Path]:
    return sorted(REQUESTS.rglob("*.json"))


@needs_reference
def test_every_request_has_a_row_and_every_row_a_request() -> None:
    assert [path.stem for path in requests()] == list(ACCOUNTED)


@pytest.mark.parametrize("path", requests(), ids=lambda path: path.stem[:60])
async def test_a_request_is_accounted_for(path: Path) -> None:
    method, address, body = read(path)
    row = ACCOUNTED[path.stem]
    if not row.startswith("never: "):
        assert await what_we_do(method, address, body) == row
    assert row.removeprefix("never: ").strip()


async def what_we_do(method: str, address: str, body: Raw) -> str:
    """Return how we say what a request says."""
    if address.endswith("/messages") and "status" not in body:
        try:
            return f"said {compared(body, body_for(outbound(body)))}".strip()
        except Refusal as refusal:
            return f"refused: {refusal.words}"
    name, call = next((name, call) for end, name, call in CALLS if address.endswith(end) and _fits(name, method, body))
    outside = Outside({"id": "1", "success": True, "data": []})
    await call(_graph(outside), body)
    made = next((one for one in outside.calls if one["method"] != "GET"), None)
    if made is None:
        return f"{name}: the form does not hold all of it"
    assert made["url"].split("?")[0].endswith(_filled(address)), made["url"]
    return (
        f"{name} {made['method'] + ' ' if made['method'] != method else ''}{compared(body, await _said(made))}".strip()
    )


def _fits(name: str, method: str, body: Raw) -> bool:
    return {
        "unblocked": method == "DELETE",
        "blocked": method == "POST",
        "read and typing": "typing_indicator" in body,
        "read": "status" in body,
        "greeting of a link changed": "code" in body,
    }.get(name, True)


async def _said(made: dict[str, Any]) -> Raw:
    """Return what a call said; of a form the names of its parts, and what stands in those that are short."""
    if made.get("json") is not None:
        found: Raw = made["json"]
        return found
    form = b"".join([piece async for piece in made["data"].pieces]).decode()
    parts = re.findall(r'name="(\w+)".*?\r\n\r\n(.*?)\r\n', form, re.DOTALL)
    return dict(parts)


def _graph(outside: Outside) -> checks.Graph:
    client: Client = outside
    return checks.Graph(client, base_url="https://graph.test", version="v26.0", token="t", app_secret=None)


def _filled(address: str) -> str:
    names = {"{{Phone-Number-ID}}": NUMBER, "{{WABA-ID}}": ACCOUNT, "<TEMPLATE_ID>": "55"}
    for name, value in names.items():
        address = address.replace(name, value)
    return address
