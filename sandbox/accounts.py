"""Whose WhatsApp it is: apps, tokens, business accounts and their numbers, with the demo account's fixed values.

Every value here is made up and means nothing outside a sandbox.
"""

from dataclasses import dataclass, field, replace

import msgspec

from sandbox.behaviour import Behaviour
from sandbox.meters import Meter

DEMO_APP_ID = "990100200300401"
DEMO_APP_SECRET = "5a9d0b0c5e7f4d1aa3b8c6d2e4f60718"  # noqa: S105 - opens nothing but the sandbox
DEMO_TOKEN = "EAASandboxDemoTokenOfTheSystemUserWhichWorksNowhereElse0001"  # noqa: S105 - opens nothing but the sandbox
DEMO_PORTFOLIO_ID = "990100200300402"
DEMO_WABA_ID = "990100200300403"
DEMO_WABA_NAME = "Kedai Teratai"
DEMO_PHONE_NUMBER_ID = "990100200300411"
DEMO_DISPLAY_NUMBER = "+44 20 7946 0155"
DEMO_SECOND_PHONE_NUMBER_ID = "990100200300412"
DEMO_SECOND_DISPLAY_NUMBER = "+1 202-555-0143"

SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management", "business_management", "catalog_management")


@dataclass(slots=True)
class Callback:
    """Where webhooks go, as the business asked for it."""

    url: str
    verify_token: str = field(repr=False)


@dataclass(slots=True)
class App:
    """An app at Meta: its secret signs webhooks; `fields` None means every field is ticked in the dashboard."""

    id: str
    secret: str = field(repr=False)
    name: str = "Sandbox app"
    callback: Callback | None = None
    fields: list[str] | None = None
    require_proof: bool = False


@dataclass(slots=True)
class Number:
    """One business phone number. `in_use` once somebody has asked for it by its own id."""

    id: str
    display: str
    verified_name: str
    meter: Meter = field(repr=False)
    callback: Callback | None = None
    status: str = "CONNECTED"
    pin: str = "123456"
    registrations: int = 0
    quality: str = "GREEN"
    region: str = ""
    checks_identity: bool = False
    profile: dict[str, object] = field(default_factory=dict)
    username: str = ""
    links: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    wrote_at: dict[str, int] = field(default_factory=dict, repr=False)
    opened_for: str = ""
    in_use: bool = False
    able: str = "AVAILABLE"
    able_errors: list[dict[str, object]] = field(default_factory=list)
    phone: "PhoneApp | None" = None

    @property
    def digits(self) -> str:
        return "".join(character for character in self.display if character.isdigit())


class PhoneApp(msgspec.Struct):
    """The phone app in which a number lives too: what it has, what of it was handed over, and since when it is shared.

    `contacts` are (number, name), `history` are (number, from us, text, unix seconds). One that is not `shared` yet is
    only in the app; one that `declines` keeps its old messages to itself.
    """

    contacts: list[tuple[str, str]] = []
    history: list[tuple[str, bool, str, int]] = []
    declines: bool = False
    shared_at: int = 0
    synced: list[str] = []


class Template(msgspec.Struct):
    """A message template as Meta keeps it."""

    id: str
    name: str
    language: str
    category: str
    components: list[dict[str, object]]
    status: str = "PENDING"
    parameter_format: str = "POSITIONAL"
    rejected_reason: str = "NONE"
    quality: str = "UNKNOWN"
    previous_category: str | None = None
    correct_category: str | None = None
    edits: list[int] = msgspec.field(default_factory=list)
    archived_from: str = ""


@dataclass(slots=True)
class Account:
    """A WhatsApp business account (WABA) of one portfolio."""

    id: str
    name: str
    portfolio_id: str
    app: App
    behaviour: Behaviour
    numbers: list[Number] = field(default_factory=list)
    templates: dict[str, Template] = field(default_factory=dict)
    subscribed: bool = False
    callback: Callback | None = None
    demo: bool = False
    messaging_limit: str = "TIER_2K"
    currency: str = "USD"


@dataclass(slots=True)
class Token:
    """What a bearer token may do, and for whom: its account, and those that were chosen with it."""

    value: str = field(repr=False)
    account: Account
    also: tuple[Account, ...] = ()
    scopes: tuple[str, ...] = SCOPES
    expires_at: int = 0
    valid: bool = True
    issued_at: int = 0

    @property
    def reach(self) -> tuple[Account, ...]:
        return (self.account, *self.also)

    def on(self, account: Account) -> "Token":
        """Return this token as it works on one of the accounts that it reaches."""
        return self if account is self.account else replace(self, account=account, also=())
