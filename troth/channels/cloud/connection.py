"""The steps of connecting a number to the Cloud API, by name, each asked of Meta with what a person entered."""

from collections.abc import Callable, Coroutine
from typing import Any

from troth.channels.cloud.app_subscription import move_app, release_account, subscribe_app
from troth.channels.cloud.checks import (
    CallFailed,
    Check,
    Graph,
    check_app_secret,
    check_number,
    check_subscription,
    check_token,
    subscribe_account,
)
from troth.channels.cloud.graph import Outside
from troth.channels.link import Link

# Whoever the token belongs to: the proof of the secret is checked on this call too, and no id can spoil it.
ONESELF = "me"


class Connection:
    """One number's connection. "app" and "account" also set right what they look at."""

    def __init__(self, client: Outside, link: Link, *, base_url: str, version: str) -> None:
        self._link = link
        self._graph = Graph(client, base_url=base_url, version=version, token=link.token, app_secret=link.app_secret)
        self._app = Graph(
            client, base_url=base_url, version=version, token=f"{link.app_id}|{link.app_secret}", app_secret=None
        )

    async def ask(self, step: str, *, replace_other: bool = False) -> Check:
        """Return the outcome of a step. An address of somebody else's is taken over only with `replace_other`."""
        steps: dict[str, Callable[[bool], Coroutine[Any, Any, Check]]] = {
            "token": self._check_token,
            "secret": self._check_secret,
            "number": self._check_number,
            "app": self._settle_app,
            "account": self._settle_account,
        }
        return await steps[step](replace_other)

    async def leave(self, heir: Link | None) -> Check:
        """Take our address away from account and app, or put that of another number of theirs in its place.

        Addresses of somebody else's stay. Best effort: the number is gone here, whatever Meta answers.
        """
        link = self._link
        account, app = link.account_id, link.app_id
        found = await check_subscription(self._graph, account_id=account, app_id=app, callback_url=link.callback_url)
        try:
            if found.ok and heir is None:
                await release_account(self._graph, account_id=account)
            if heir is None:
                return found
            new = {"callback_url": heir.callback_url, "verify_token": heir.verify_token}
            await move_app(self._app, app_id=app, old_url=link.callback_url, **new)
            if found.ok:
                return await subscribe_account(self._graph, account_id=account, app_id=app, replace_other=True, **new)
        except CallFailed as failed:
            return failed.check()
        return found

    async def _check_token(self, _replace: bool) -> Check:
        check = await check_token(self._graph)
        # Without the app nothing further can be asked: whose secret, whose subscription?
        return check if not check.ok or check.facts.get("app_id") else Check(ok=False, code="app_unknown")

    async def _check_secret(self, _replace: bool) -> Check:
        return await check_app_secret(self._graph, number_id=ONESELF)

    async def _check_number(self, _replace: bool) -> Check:
        return await check_number(self._graph, account_id=self._link.account_id, number_id=self._link.number_id)

    async def _settle_app(self, replace_other: bool) -> Check:
        link = self._link
        of_app = bool(link.app_callback_url)
        return await subscribe_app(
            self._app,
            app_id=link.app_id,
            callback_url=link.app_callback_url if of_app else link.callback_url,
            verify_token=link.app_verify_token if of_app else link.verify_token,
            ours=() if of_app else link.our_callbacks,
            replace_other=replace_other,
            from_phone=link.on_phone_app,
        )

    async def _settle_account(self, replace_other: bool) -> Check:
        link = self._link
        check = await subscribe_account(
            self._graph,
            account_id=link.account_id,
            app_id=link.app_id,
            callback_url=link.callback_url,
            verify_token=link.verify_token,
            replace_other=replace_other,
        )
        # Another number of this account was first: its address is one of ours and takes this number's news too.
        if check.code == "other_callback" and check.facts.get("callback") in link.our_callbacks:
            return Check(ok=True, facts=check.facts)
        return check
