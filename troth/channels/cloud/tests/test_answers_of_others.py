"""Every answer that others wrote down is read by us, or is to something that we never ask, and why."""

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.outgoing import outbound, text
from troth.base.http import NotSent
from troth.channels.cloud import blocks, checks, face, health, media, receipts, templates, uploads
from troth.channels.cloud.graph import Outside as Client
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference
from troth.channels.cloud.tests.test_sending import Outside, adapter
from troth.channels.contract import Raw

ANSWERS = REFERENCE / "api_responses"
NUMBER, ACCOUNT, APP = "1906385232743451", "9009", "670843887433847"
HERE = "https://alternate-endpoint-callback.com/webhook"
Reader = Callable[[Outside], Coroutine[Any, Any, Any]]


def answers() -> list[Path]:
    return sorted(ANSWERS.rglob("*.json"))


def graph(outside: Outside) -> checks.Graph:
    client: Client = outside
    return checks.Graph(client, base_url="https://graph.test", version="v26.0", token="t", app_secret=None)


def check(found: checks.Check) -> str:
    facts = " ".join(f"{name}={value}" for name, value in found.facts.items() if value)
    return f"{found.code} {facts}".strip()


async def accepted(outside: Outside) -> str:
    found = await adapter(outside).send(outbound(text()))
    return f"{found.external_id[:20]} {found.who.phone or ''}".strip()


async def number(outside: Outside) -> str:
    return check(await checks.check_number(graph(outside), account_id=ACCOUNT, number_id=NUMBER))


async def state(outside: Outside) -> str:
    found = await health.ask_health(graph(outside), account_id=ACCOUNT, number_id=NUMBER)
    told = (found.code, found.quality, found.name_status, found.limit)
    return " ".join(word for word in told if word)


async def subscription(outside: Outside) -> str:
    return check(await checks.check_subscription(graph(outside), account_id=ACCOUNT, app_id=APP, callback_url=HERE))


async def listed(outside: Outside) -> str:
    found = await templates.page_of(graph(outside), account_id=ACCOUNT, after=None)
    more = " and more" if found.after else ""
    return f"{found.check.code} {' '.join(str(node.get('name')) for node in found.nodes)}{more}"


async def submitted(outside: Outside) -> str:
    body = {"name": "n", "language": "en", "category": "UTILITY"}
    return check(await templates.submit(graph(outside), account_id=ACCOUNT, template_id=None, body=body))


async def changed(outside: Outside) -> str:
    return check(await templates.submit(graph(outside), account_id=ACCOUNT, template_id="5", body={"components": []}))


async def deleted(outside: Outside) -> str:
    return check(await templates.delete(graph(outside), account_id=ACCOUNT, name="n", template_id=None))


async def given(outside: Outside) -> str:
    found = await media.give(graph(outside), number_id=NUMBER, mime="image/png", size_bytes=1, pieces=[b"x"])
    return f"{found.ok} {found.id}"


async def file(outside: Outside) -> str:
    """Only where the file lies is read of this answer; its bytes are another's."""

    class Nowhere:
        @staticmethod
        def stream(_method: str, url: str, **_call: Any) -> Any:
            asked.append(url)
            raise NotSent("nobody there")

    asked: list[str] = []
    where: dict[str, Any] = {"token": "t", "number_id": NUMBER, "media_id": "1", "hosts": (), "sink": asked.append}
    found = await media.fetch(Nowhere(), graph(outside), **where)  # type: ignore[arg-type]
    return f"{found.reason} {asked[0]}"


async def read(outside: Outside) -> str:
    return await receipts.mark_read(graph(outside), number_id=NUMBER, external_id="wamid.1", typing=True) or "ok"


async def session(outside: Outside) -> str:
    """An upload begins with its session, and goes on at the session's own address."""
    await _uploaded(outside)
    return str(outside.calls[-1]["url"]).split("/v26.0/")[1][:24]


async def uploaded(outside: Outside) -> str:
    outside.answer = {**outside.answer, "id": "upload:1"}
    return check(await _uploaded(outside))[:30]


async def _uploaded(outside: Outside) -> checks.Check:
    where: Raw = {"base_url": "https://graph.test", "version": "v26.0", "app_id": APP, "token": "t", "app_secret": None}
    return await uploads.upload(outside, **where, data=b"x", name="a.png", mime="image/png")  # type: ignore[arg-type]


async def profile(outside: Outside) -> str:
    found = await face.read(graph(outside), NUMBER)
    return " ".join(str(found.profile[name]) for name in ("about", "email", "vertical", "websites"))


async def links(outside: Outside) -> str:
    return " ".join(link.code for link in (await face.read(graph(outside), NUMBER)).links) or "none that we show"


async def link(outside: Outside) -> str:
    found = await face.read_link(graph(outside), NUMBER, "C")
    return f"{found.code} {found.greeting}" if found else "none that we show"


async def told(outside: Outside) -> str:
    return check(await face.set_pin(graph(outside), NUMBER, "123456"))


async def pages_of_blocked(outside: Outside) -> str:
    found = await blocks.listed(graph(outside), number_id=NUMBER)
    return " ".join([found.code, *found.phones, *found.ids])


async def blocked(outside: Outside) -> str:
    found = await blocks.change(graph(outside), number_id=NUMBER, people=["+1"], block=True)
    return " ".join([found.code, *found.done])


READERS: dict[str, Reader] = {
    reader.__name__: reader
    for reader in (
        accepted, number, state, subscription, listed, submitted, changed, deleted, given, file, read, session, uploaded, profile,
        links, link, told, pages_of_blocked, blocked,
    )
}  # fmt: skip

ACCOUNTED: dict[str, str] = {
    "001-Get-Started-Subscribe-to-your-WABA-Subscribe-to-your-WABA": "told: ok",
    "002-Get-Started-Get-Phone-Number-ID-Get-Phone-Number-ID": "number: ok display_number=+1 631-555-5555 verified_name=Jasper's Market quality=GREEN",
    "003-Get-Started-Register-Phone-Number-Register-Phone-Number": "never: a number is registered at Meta before it is connected here",
    "004-Get-Started-Send-Test-Message-Send-Test-Message": "accepted: wamid.gBGGSFcCNEOPAg",
    "005-WhatsApp-Business-Accounts-WABAs-Get-WABA-Example-response": "state: ok",
    "006-WhatsApp-Business-Accounts-WABAs-Get-owned-WABAs-Example-response": "never: the account is named by who connects it",
    "007-WhatsApp-Business-Accounts-WABAs-Get-shared-WABAs-Get-List-of-Shared-WABAs": "never: the account is named by who connects it",
    "008-Registration-Register-Phone-Register-Phone": "never: a number is registered at Meta before it is connected here",
    "009-Registration-Deregister-Phone-Deregister-Phone": "never: a number is taken off Cloud API at Meta; here it is only let go",
    "010-Phone-Numbers-Get-Phone-Number-By-ID-Get-Phone-Number-By-ID": "state: ok GREEN",
    "011-Phone-Numbers-Get-Display-Name-Status-Beta-Get-Display-Name-Status-Beta": "state: ok AVAILABLE_WITHOUT_REVIEW",
    "012-Phone-Numbers-Request-Verification-Code-Request-Verification-Code": "never: a number is proven to be somebody's at Meta, before it is connected here",
    "013-Phone-Numbers-Verify-Code-Verify-Code": "never: a number is proven to be somebody's at Meta, before it is connected here",
    "014-Phone-Numbers-Set-Two-Step-Verification-Code-Set-Two-Step-Verification-Code": "told: ok",
    "015-Webhook-Subscriptions-Subscribe-to-a-WABA-Subscribe-to-a-WABA": "told: ok",
    "016-Webhook-Subscriptions-Get-All-Subscriptions-for-a-WABA-Get-All-Subscriptions-for": "subscription: not_subscribed",
    "017-Webhook-Subscriptions-Unsubscribe-from-a-WABA-Unsubscribe-from-a-WABA": "never: other programs may listen to the account too, so only our address is taken away",
    "018-Webhook-Subscriptions-Override-Callback-URL-Override-Callback-URL": "subscription: ok callback=https://alternate-endpoint-callback.com/webhook",
    "019-Messages-Send-Text-Message-with-Preview-URL-Send-Text-Message-with-Preview-URL": "accepted: wamid.ID",
    "020-Messages-Send-Reply-with-Reaction-Message-Send-Reply-with-Reaction-Message": "accepted: wamid.HBgLM...",
    "021-Messages-Send-List-Message-Send-List-Message": "accepted: wamid.ID",
    "022-Messages-Send-Reply-Button-Send-Reply-Button": "accepted: wamid.ID",
    "023-Messages-Mark-Message-As-Read-Mark-Message-As-Read": "read: ok",
    "024-Messages-Send-Single-Product-Message-Send-Single-Product-Message": "accepted: wamid.gBGGFlaCGg0xcv 16315555555",
    "025-Messages-Send-Multi-Product-Message-Send-Multi-Product-Message": "accepted: wamid.gBGGFlaCGg0xcv 16315555555",
    "026-Messages-Send-Catalog-Message-Example-response": "accepted: wamid.HBgLMTY1MDM4Nz 16505551234",
    "027-Messages-Send-Catalog-Template-Message-Example-response": "accepted: wamid.HBgLMTY1MDM4Nz 16505551234",
    "028-Templates-Get-template-by-ID-default-fields-Example-response": "never: one template is read with the whole list",
    "029-Templates-Get-template-by-name-default-fields-Example-response": "listed: ok 2023_april_promo",
    "030-Templates-Get-all-templates-default-fields-Example-response": "listed: ok hello_world 2023_april_promo",
    "031-Templates-Get-namespace-Example-response": "never: the namespace went with the On-Premises API",
    "032-Templates-Create-authentication-template-w-OTP-copy-code-button-Example-response": "submitted: ok id=1473688840035974 status=APPROVED category=AUTHENTICATION",
    "033-Templates-Create-authentication-template-w-OTP-one-tap-autofill-button-Example-r": "submitted: ok id=771761447905391 status=APPROVED category=AUTHENTICATION",
    "034-Templates-Create-catalog-template-Example-response": "submitted: ok id=188720130491317 status=PENDING category=MARKETING",
    "035-Templates-Create-multi-product-message-template-Example-response": "submitted: ok id=1986030731777856 status=PENDING category=MARKETING",
    "036-Templates-Create-template-w-text-header-text-body-text-footer-and-2-quick-reply": "submitted: ok id=1627019861106475 status=PENDING category=MARKETING",
    "037-Templates-Create-template-w-image-header-text-body-text-footer-and-2-call-to-act": "submitted: ok id=558456123149285 status=PENDING category=MARKETING",
    "038-Templates-Create-template-w-location-header-text-body-text-footer-and-a-website": "submitted: ok id=1667192013751005 status=PENDING category=UTILITY",
    "039-Templates-Create-template-w-document-header-text-body-a-phone-number-button-and": "submitted: ok id=1689556908129832 status=PENDING category=UTILITY",
    "040-Templates-Edit-template-Example-response": "changed: ok",
    "041-Templates-Delete-template-by-name-Example-response": "deleted: ok",
    "042-Templates-Delete-template-by-ID-Example-response": "deleted: ok",
    "043-Create-Flow-Create-Flow-Create-Flow": "never: Flows are made and read at Meta; here they are only sent",
    "044-Create-Flow-Migrate-Flows-Migrate-Flows": "never: Flows are made and read at Meta; here they are only sent",
    "045-Create-Flow-Get-Flow-Get-Flow": "never: Flows are made and read at Meta; here they are only sent",
    "046-Create-Flow-Get-Preview-URL-Get-Preview-URL": "never: Flows are made and read at Meta; here they are only sent",
    "047-Create-Flow-List-Flows-List-Flows": "never: Flows are made and read at Meta; here they are only sent",
    "048-Update-Flow-Update-Flow-JSON-Upload-Flow-JSON-Asset": "never: Flows are made and read at Meta; here they are only sent",
    "049-Update-Flow-Publish-Flow-Publish-Flow": "never: Flows are made and read at Meta; here they are only sent",
    "050-Update-Flow-Update-Flow-Metadata-Update-Flow-Metadata": "never: Flows are made and read at Meta; here they are only sent",
    "051-Update-Flow-List-Assets-Get-Flow-JSON-URL-List-Assets": "never: Flows are made and read at Meta; here they are only sent",
    "052-Update-Flow-Deprecate-Flow-Deprecate-Flow": "never: Flows are made and read at Meta; here they are only sent",
    "053-Update-Flow-Delete-Flow-Delete-Flow": "never: Flows are made and read at Meta; here they are only sent",
    "054-Setup-Endpoint-Encryption-Set-Encryption-Public-Key-Set-Encryption-Public-Key": "never: Flows are made and read at Meta; here they are only sent",
    "055-Setup-Endpoint-Encryption-Get-Encryption-Public-Key-Get-Encryption-Public-Key": "never: Flows are made and read at Meta; here they are only sent",
    "056-Send-Flow-Send-Draft-Flow-by-Name-Send-Draft-Flow-by-Name": "accepted: wamid.HBgL... 18055555555",
    "057-Send-Flow-Create-Flow-Template-Message-by-Name-Create-Flow-Template-Message-by-N": "submitted: ok id=template-1 status=PENDING category=MARKETING",
    "058-Get-Endpoint-Metrics-Get-Endpoint-Request-Count-Metric-Get-Endpoint-Request-Coun": "never: Flows are made and read at Meta; here they are only sent",
    "059-Get-Endpoint-Metrics-Get-Endpoint-Request-Error-Metric-Get-Endpoint-Request-Erro": "never: Flows are made and read at Meta; here they are only sent",
    "060-Get-Endpoint-Metrics-Get-Endpoint-Request-Error-Rate-Metric-Get-Endpoint-Request": "never: Flows are made and read at Meta; here they are only sent",
    "061-Get-Endpoint-Metrics-Get-Endpoint-Request-Latencies-Metric-Get-Endpoint-Request": "never: Flows are made and read at Meta; here they are only sent",
    "062-Get-Endpoint-Metrics-Get-Endpoint-Availability-Metric-Get-Endpoint-Availability": "never: Flows are made and read at Meta; here they are only sent",
    "063-Media-Upload-Image-Upload-Image-form-data": "given: True <MEDIA_ID>",
    "064-Media-Upload-Image-Upload-Image-JSON": "given: True 4490709327384033",
    "065-Media-Upload-Sticker-Upload-Sticker-File-form-data": "given: True <MEDIA_ID>",
    "066-Media-Retrieve-Media-URL-Retrieve-Media-URL": "file: broken <URL>",
    "067-Media-Delete-Media-Delete-Media": "never: what we gave goes by itself after thirty days",
    "068-Typing-indicators-Send-typing-indicator-and-read-receipt-Send-typing-indicator-a": "read: ok",
    "069-Business-Profiles-Resumable-Upload-Create-an-Upload-Session-Resumable-Upload-Cre": "session: upload:MTphdHRhY2htZW50O",
    "070-Business-Profiles-Resumable-Upload-Upload-File-Data-Resumable-Upload-Upload-File": "uploaded: ok handle=2:c2FtcGxlLm1wNA==:i",
    "071-Business-Profiles-Resumable-Upload-Query-File-Upload-Status-Resumable-Upload-Que": "never: a sample is small, and begins anew where it broke off",
    "072-Business-Profiles-Get-Business-Profile-Get-Business-Profile-ID": "profile: profile-about-text business-email business-industry ['https://website-1', 'https://website-2']",
    "073-Business-Profiles-Update-Business-Profile-Update-Business-Profile": "told: ok",
    "074-Commerce-Settings-Get-commerce-settings-Example-response": "never: the catalogue is set up at Meta",
    "075-Commerce-Settings-Set-or-update-commerce-settings-Example-response": "never: the catalogue is set up at Meta",
    "076-QR-codes-Get-QR-code-Example-Response": "link: ANED2T5QRU7HG1 Show me Cyber Monday deals!",
    "077-QR-codes-Get-all-QR-codes-default-fields-Example-Response": "links: 5QBPAD2DC6L5A1 ANED2T5QRU7HG1 WOMVT6TJ2BP7A1",
    "078-QR-codes-Get-all-QR-codes-specific-fields-Example-Response": "links: none that we show",
    "079-QR-codes-Get-QR-code-SVG-image-URL-Example-Response": "link: none that we show",
    "080-QR-codes-Get-QR-code-PNG-image-URL-Example-Response": "link: none that we show",
    "081-QR-codes-Create-QR-code-Example-Response": "told: ok",
    "082-QR-codes-Update-Message-QR-Code-Example-Response": "told: ok",
    "083-QR-codes-Delete-QR-code-Example-Response": "told: ok",
    "084-Business-Portfolio-Get-Business-Portfolio-Specific-Fields-Example-response": "never: nothing of the portfolio is asked but its limits",
    "085-Analytics-Get-analytics-Example-reponse": "never: what was said and spent is counted from what Meta tells of each message",
    "086-Analytics-Get-conversation-analytics-Example-response": "never: what was said and spent is counted from what Meta tells of each message",
    "087-Billing-Get-credit-lines-Example-response": "never: Meta bills the business itself",
    "088-Block-Users-Get-blocked-users-Get-blocked-users": "pages_of_blocked: ok 16505551234",
    "089-Block-Users-Block-user-s-Block-user-s": "blocked: ok +16505551234",
    "090-Block-Users-Unblock-user-s-Unblock-user-s": "blocked: ok +16505551234",
    "091-Business-Compliance-Get-India-based-business-compliance-info-Sample-response": "never: the details that India asks for are entered at Meta",
    "092-Business-Compliance-Add-India-based-business-compliance-info-Sample-response": "never: the details that India asks for are entered at Meta",
}


@needs_reference
def test_every_answer_has_a_row_and_every_row_an_answer() -> None:
    assert [path.stem for path in answers()] == list(ACCOUNTED)


@pytest.mark.parametrize("path", answers(), ids=lambda path: path.stem[:60])
async def test_an_answer_is_accounted_for(path: Path) -> None:
    row = ACCOUNTED[path.stem]
    name, _, wanted = row.partition(": ")
    assert wanted
    if name != "never":
        assert await READERS[name](Outside(body_in(path))) == wanted


def body_in(path: Path) -> Any:
    answer = json.loads(path.read_text())
    assert answer["status"] in (200, None)
    return answer["body"]
