"""Numbers that are connected on the provider's own page, and those that live in its phone app too."""

import asyncio

from django.conf import settings
from django.utils.translation import gettext

from troth.channels.app_secrets import OwnApp
from troth.channels.cloud import signup
from troth.channels.cloud.checks import Check
from troth.channels.cloud.registering import PIN_CHECKS, hand_over, register
from troth.channels.cloud.signup import SIGNUP_CHECKS, SignedUp
from troth.channels.cloud.words import CHECKS
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling, graph_with, in_time, managing
from troth.channels.registry.connections import explain_check

SIGNUP_CODES = frozenset({*SIGNUP_CHECKS, *CHECKS})


def signup_url(app: OwnApp, *, state: str, way: str, back_url: str) -> str:
    """Return the address of the provider's page, which comes back to `back_url` with the state."""
    return signup.dialog(
        settings.META_DIALOG_BASE_URL,
        settings.GRAPH_VERSION,
        app_id=app.app_id,
        config_id=app.config_id,
        back_url=back_url,
        state=state,
        way=way,
    )


def sign_up(app: OwnApp, *, code: str, back_url: str) -> SignedUp:
    """Exchange the code that the provider's page sent back, and return what it opens. Waits twice as long as `ask` at most."""
    return asyncio.run(_signed_up(app, code, back_url))


async def _signed_up(app: OwnApp, code: str, back_url: str) -> SignedUp:
    nothing = Check(ok=False, code="no_answer")
    async with calling() as client:
        speaking = graph_with(client, token=f"{app.app_id}|{app.secret}", app_secret=None)
        ids = {"app_id": app.app_id, "app_secret": app.secret}
        check = await in_time(signup.exchange(speaking, **ids, code=code, back_url=back_url)) or nothing
        if not check.ok:
            return SignedUp(check)
        token = check.facts["token"]
        graph = graph_with(client, token=token, app_secret=app.secret)
        return await in_time(signup.reached(graph, app_id=app.app_id, token=token)) or SignedUp(nothing)


def explain_signup(check: Check) -> str:
    """Return why connecting on the provider's page came to nothing, and what to do."""
    return gettext(SIGNUP_CHECKS.get(check.code, "")) or explain_check(ChannelKind.CLOUD, check.code)


def register_number(link: Link, *, pin: str) -> Check:
    """Register a number with the platform. Waits as `ask` does."""
    asked = managing(link, lambda graph: register(graph, number_id=link.number_id, pin=pin))
    return asyncio.run(asked) or Check(ok=False, code="no_answer")


def explain_registering(kind: str, check: Check) -> str:
    """Return why a number was not registered, and what to do."""
    return gettext(PIN_CHECKS.get(check.facts.get("graph_code") or 0, "")) or explain_check(kind, check.code)


def ask_phone(link: Link, kind: str) -> Check:
    """Ask a number's phone app to hand over its "contacts" or its "history". Waits as `ask` does."""
    asked = managing(link, lambda graph: hand_over(graph, number_id=link.number_id, kind=kind))
    return asyncio.run(asked) or Check(ok=False, code="no_answer")
