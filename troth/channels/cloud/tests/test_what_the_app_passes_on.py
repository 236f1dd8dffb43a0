"""The app's own subscription: which news Meta passes on at all, and where that goes which follows no account's address."""

from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from troth.base.http import NotSent, Response
from troth.channels.cloud.app_subscription import (
    APP_CHECKS,
    FIELDS,
    OFFERED,
    PHONE_FIELDS,
    move_app,
    subscribe_app,
)
from troth.channels.cloud.checks import Check, Graph
from troth.channels.cloud.words import CHECKS

APP = "555"
ALL = (*FIELDS, *OFFERED)
OURS, SIBLING, OTHER = (f"https://{host}/hooks/cloud/{n}" for host, n in (("crm", 1), ("crm", 2), ("else", 3)))


class App:
    """A stand-in for Meta's app: it remembers its subscription, unless it is told to refuse."""

    def __init__(self, callback: str | None = None, *, fields: tuple[str, ...] = ALL, active: bool = True) -> None:
        self.callback, self.fields, self.active = callback, list(fields), active
        self.refusal: dict[str, Any] | Exception | None = None
        self.set: list[dict[str, Any]] = []
        self.knows: frozenset[str] = frozenset(ALL)

    async def request(self, method: str, url: str, *, json: Any = None, **call: Any) -> Response:
        assert urlsplit(url).path == f"/v26.0/{APP}/subscriptions"
        assert call["headers"] == {"Authorization": f"Bearer {APP}|s3cret"}
        if isinstance(self.refusal, Exception):
            raise self.refusal
        if method == "POST":
            if self.refusal is not None:
                return Response(400, {}, msgspec.json.encode({"error": self.refusal}), 0.01)
            if not self.knows.issuperset(json["fields"].split(",")):
                error = {"message": "Invalid field", "type": "OAuthException", "code": 100}
                return Response(400, {}, msgspec.json.encode({"error": error}), 0.01)
            self.set.append(json)
            self.callback, self.fields, self.active = json["callback_url"], json["fields"].split(","), True
            return Response(200, {}, b'{"success":true}', 0.01)
        return Response(200, {}, msgspec.json.encode({"data": self._listed()}), 0.01)

    def _listed(self) -> list[dict[str, Any]]:
        other = {"object": "page", "callback_url": "https://pages.test/", "active": True, "fields": []}
        if self.callback is None:
            return [other]
        fields = [{"name": name, "version": "v26.0"} for name in self.fields]
        ours = {"object": "whatsapp_business_account", "callback_url": self.callback, "active": self.active}
        return [other, {**ours, "fields": fields}]


def graph(app: App) -> Graph:
    return Graph(app, base_url="https://graph.test", version="v26.0", token=f"{APP}|s3cret", app_secret=None)


async def settle(app: App, **options: Any) -> Check:
    return await subscribe_app(graph(app), app_id=APP, callback_url=OURS, verify_token="v", ours=[SIBLING], **options)


async def test_an_app_without_a_subscription_gets_ours() -> None:
    app = App()
    assert await settle(app) == Check(ok=True, facts={"callback": OURS, "fields": []})
    [body] = app.set
    assert body == {
        "object": "whatsapp_business_account",
        "callback_url": OURS,
        "verify_token": "v",
        "fields": ",".join(ALL),
        "include_values": True,
    }


@pytest.mark.parametrize("callback", [OURS, SIBLING])
async def test_what_is_right_already_is_left_alone(callback: str) -> None:
    app = App(callback)
    assert (await settle(app)).code == "ok"
    assert app.set == []


@pytest.mark.parametrize("app", [App(OURS, fields=("messages",)), App(OURS, active=False)])
async def test_what_is_missing_at_our_address_is_added(app: App) -> None:
    assert (await settle(app)).code == "ok"
    assert len(app.set) == 1


async def test_an_app_that_may_not_have_all_gets_what_it_takes() -> None:
    app = App()
    app.knows = frozenset(FIELDS)
    assert (await settle(app)).code == "ok"
    assert [body["fields"] for body in app.set] == [",".join(FIELDS)]


async def test_a_number_in_a_phone_app_needs_its_news_too() -> None:
    app = App()
    app.knows = frozenset(FIELDS)
    check = await settle(app, from_phone=True)
    assert (check.ok, check.code) == (True, "app_fields_missing")
    assert check.facts["fields"] == list(PHONE_FIELDS)


async def test_somebody_elses_address_is_told_and_left_alone() -> None:
    app = App(OTHER)
    check = await settle(app)
    assert (check.ok, check.code, check.facts["callback"]) == (True, "app_other_callback", OTHER)
    assert app.set == []


async def test_somebody_elses_address_is_taken_over_on_demand() -> None:
    app = App(OTHER)
    assert (await settle(app, replace_other=True)).code == "ok"
    assert app.callback == OURS


async def test_without_messages_nothing_can_arrive() -> None:
    check = await settle(App(OTHER, fields=("security",)))
    assert (check.ok, check.code) == (False, "app_no_messages")
    assert "messages" in check.facts["fields"]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (
            {"code": 100, "error_subcode": 2200, "message": "(#2200) Callback verification failed"},
            "callback_unreachable",
        ),
        ({"code": 100, "message": "Param object must be one of {user, page}"}, "app_by_hand"),
        ({"code": 200, "message": "not allowed"}, "app_by_hand"),
        ({"code": 2, "message": "temporary"}, "meta_down"),
        ({"code": 190, "message": "Invalid OAuth access token signature."}, "secret_wrong"),
        (NotSent("dns"), "unreachable"),
    ],
)
async def test_a_refusal_says_what_to_do(refusal: dict[str, Any] | Exception, code: str) -> None:
    app = App()
    app.refusal = refusal
    check = await settle(app)
    assert (check.ok, check.code) == (False, code)
    assert "s3cret" not in repr(check)


async def test_only_our_old_address_is_moved() -> None:
    for callback, moved in ((OURS, SIBLING), (OTHER, OTHER)):
        app = App(callback)
        await move_app(graph(app), app_id=APP, old_url=OURS, callback_url=SIBLING, verify_token="v")
        assert app.callback == moved


def test_every_outcome_has_words_of_its_own() -> None:
    assert not set(APP_CHECKS) & set(CHECKS)
    assert {"app_unknown", "app_by_hand", "app_no_messages", "app_fields_missing", "app_other_callback"} == set(
        APP_CHECKS
    )
