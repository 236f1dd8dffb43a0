"""Everything that the sandbox remembers, and the few acts that touch several parts of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox import accounts
from sandbox.accounts import Account, App, Callback, Number, Token
from sandbox.behaviour import Behaviour
from sandbox.courier import Courier, Post
from sandbox.demo_templates import demo_templates
from sandbox.faults import Trouble
from sandbox.ids import Mint
from sandbox.life import Life
from sandbox.media import MediaStore
from sandbox.meters import Meter
from sandbox.people import People
from sandbox.post import Client
from sandbox.settings import Settings
from sandbox.threads import Threads
from sandbox.web.edge import Edge
from sandbox.webhooks import change

# Only these follow an override; everything else goes to the app's own callback.
MESSAGE_FIELDS = frozenset(
    {"messages", "message_echoes", "smb_message_echoes", "smb_app_state_sync", "history", "standby", "calls"}
)


class World:
    """The state of one sandbox."""

    def __init__(
        self,
        settings: Settings,
        *,
        post: Post | None = None,
        epoch: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.mint = Mint(settings.seed, epoch=epoch)
        self.client = Client()
        self.courier = Courier(post or self._post, chance=self.mint.chance)
        self.trouble = Trouble(self.mint.chance)
        self.people = People(self.mint)
        self.media = MediaStore(self.mint, own_url=settings.own_url)
        self.threads = Threads()
        self.life = Life(self)
        self.web = Edge(self, epoch=epoch)
        self.accounts: dict[str, Account] = {}
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, Token] = {}
        self.numbers: dict[str, tuple[Account, Number]] = {}
        self.templates: dict[str, tuple[Account, accounts.Template]] = {}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, Any] = {}
        self.sent: dict[str, list[dict[str, Any]]] = {}
        self.unheard: Counter[str] = Counter()
        self.on_change: list[Callable[[], None]] = []
        self.on_sent: list[Callable[[Any], None]] = []
        self.closed = False
        self.start_customers: Callable[[Account, Number], None] | None = None

    def now(self) -> int:
        """Return the time in whole unix seconds."""
        return int(self.clock())

    def changed(self) -> None:
        """Tell those who persist the state that it is different now."""
        for listener in self.on_change:
            listener()

    def later(self, pause_s: float, action: Callable[..., object], *arguments: object) -> None:
        """Do something after a pause, stretched by the tempo."""
        loop = asyncio.get_running_loop()
        if pause_s > 0:
            loop.call_later(pause_s * self.settings.tempo, action, *arguments)
        else:
            loop.call_soon(action, *arguments)

    def use(self, number: Number) -> None:
        """Take note that the product works with this number, not only with its account."""
        if not number.in_use:
            number.in_use = True
            self.changed()

    def add_account(self, account: Account, *, token: str) -> Account:
        """Make an account with its app, numbers and token known, in place of one of the same id."""
        before = self.accounts.get(account.id)
        for id in before.templates if before is not None else ():
            self.templates.pop(id, None)
        self.accounts[account.id] = account
        self.apps[account.app.id] = account.app
        self.tokens[token] = Token(token, account, issued_at=self.now())
        for number in account.numbers:
            self.numbers[number.id] = (account, number)
        for template in account.templates.values():
            self.templates[template.id] = (account, template)
        return account

    def token_of(self, account: Account) -> Token:
        """Return the first token of an account."""
        return next(token for token in self.tokens.values() if token.account is account)

    def callback_for(self, account: Account, number: Number | None, field: str) -> Callback | None:
        """Return where a webhook goes: number before account before app; None when nobody listens."""
        if not account.subscribed:
            return None
        if account.app.fields is not None and field not in account.app.fields:
            return None
        if field not in MESSAGE_FIELDS:
            return account.app.callback
        of_number = number.callback if number else None
        return of_number or account.callback or account.app.callback

    def emit(
        self, account: Account, number: Number | None, field: str, value: dict[str, Any], *, at: int | None = None
    ) -> bool:
        """Send one change to whoever listens, and tell whether anybody does."""
        callback = self.callback_for(account, number, field)
        if callback is None:
            self.unheard[field] += 1
            return False
        self.courier.send(callback.url, account.app.secret, change(account.id, field, value, at=at), account.behaviour)
        return True

    def close(self) -> None:
        """Stop everything that is under way; open pages end by themselves."""
        self.closed = True
        self.web.close()
        self.courier.close()
        self.client.close()

    async def _post(self, url: str, headers: dict[str, str], body: bytes, timeout_s: float) -> int:
        status, _answer = await self.client.call("POST", url, headers=headers, body=body, timeout_s=timeout_s)
        return status


def demo_account(behaviour: Behaviour | None = None) -> Account:
    """Return the account whose values are written down in the README."""
    app = App(accounts.DEMO_APP_ID, accounts.DEMO_APP_SECRET, name="Troth demo")
    numbers = [
        Number(accounts.DEMO_PHONE_NUMBER_ID, accounts.DEMO_DISPLAY_NUMBER, accounts.DEMO_WABA_NAME, Meter()),
        Number(
            accounts.DEMO_SECOND_PHONE_NUMBER_ID,
            accounts.DEMO_SECOND_DISPLAY_NUMBER,
            f"{accounts.DEMO_WABA_NAME} Delivery",
            Meter(),
        ),
    ]
    return Account(
        accounts.DEMO_WABA_ID,
        accounts.DEMO_WABA_NAME,
        accounts.DEMO_PORTFOLIO_ID,
        app,
        behaviour or Behaviour(),
        numbers=numbers,
        templates=demo_templates(),
        demo=True,
    )
