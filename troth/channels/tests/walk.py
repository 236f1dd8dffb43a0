"""Connecting a number as a person does: the form, then each step."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from tests.cast import House
from troth.channels.connecting import STEPS
from troth.channels.models import Channel
from troth.channels.steps import Row, row_of
from troth.workspaces.scope import scope

PART = {"HX-Request": "true"}


def entered(account: dict[str, Any], **other: str) -> dict[str, str]:
    """Return the form for an account's first number, filled in."""
    number = account["numbers"][0]["phone_number_id"]
    right = {"number_id": number, "account_id": account["waba_id"], "token": account["token"]}
    return {**right, "app_secret": account["app_secret"], "name": "", **other}


@dataclass(frozen=True)
class Walk:
    """One person connecting one number."""

    house: House
    browser: Client
    channel_id: UUID

    @property
    def url(self) -> str:
        return f"/w/{self.house.handle}/channels/{self.channel_id}/"

    def ask(self, *steps: str, **words: str) -> dict[str, Row]:
        """Ask these steps, or all, as the page does; return how each step stands then."""
        for step in steps or STEPS:
            answer = self.browser.post(f"{self.url}checks/{step}/", words, headers=PART)
            assert answer.status_code == 200
        return self.rows()

    def rows(self) -> dict[str, Row]:
        channel = self.channel()
        with scope(self.house.id):
            return {step: row_of(channel, step) for step in (*STEPS, "arrival")}

    def channel(self) -> Channel:
        with scope(self.house.id):
            return Channel.objects.get(pk=self.channel_id)


def begin(house: House, browser: Client, form: dict[str, str]) -> Walk:
    """Send the form and return the walk that it begins."""
    answer = browser.post(f"/w/{house.handle}/channels/connect/", form)
    assert answer.status_code == 302, answer.content.decode()
    return Walk(house, browser, UUID(answer["Location"].split("/")[4]))
