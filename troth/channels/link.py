"""What it takes to ask a provider about a number: carried out of the scope of a workspace, so that nothing waits there."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Link:
    """A number as it was entered. Lives in memory for one question and is never shown, kept or logged.

    `callback_url` is the address that the provider is to call; `our_callbacks` are further addresses of the workspace
    that serve as well, those of other numbers of the same account and app. `app_callback_url` is where the app's own
    news are to go instead, with the word that proves it, where the app is the installation's. `on_phone_app` is whether
    the number lives in the phone app too.
    """

    channel_id: UUID
    kind: str
    number_id: str
    account_id: str
    app_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    callback_url: str
    our_callbacks: frozenset[str] = frozenset()
    app_callback_url: str = ""
    app_verify_token: str = field(default="", repr=False)
    on_phone_app: bool = False
