"""Attempts are counted by where a browser is, and a browser cannot make that up."""

from typing import Any

import pytest
from django.test import Client

from troth.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B2.4", "X21")]


def tries(count: int, **extra: Any) -> list[int]:
    """Try to log in that often, each time as somebody else and from another made-up address; return the statuses."""
    statuses = []
    for turn in range(count):
        made_up = f"203.0.113.{turn}, 198.51.100.{turn}"
        headers = {
            "X-Forwarded-For": made_up + extra.get("seen_by_proxy", ""),
            "X-Real-Ip": made_up,
            "Forwarded": f"for={turn}",
        }
        form = {"login": f"nobody{turn}@people.example", "password": "not the password"}
        statuses.append(Client().post("/account/login/", form, headers=headers).status_code)
    return statuses


@pytest.mark.parametrize(("proxies", "seen_by_proxy"), [(0, ""), (1, ", 192.0.2.7")])
def test_rotating_addresses_do_not_move_the_limit(settings: Any, proxies: int, seen_by_proxy: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    statuses = tries(60, seen_by_proxy=seen_by_proxy)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert statuses.count(200) <= 30


def test_one_account_is_guarded_wherever_the_attempts_come_from(settings: Any, alice: User) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        Client().post(
            "/account/login/",
            {"login": alice.email, "password": f"guess number {turn}"},
            headers={"X-Forwarded-For": f"192.0.2.{turn}"},
        )
        for turn in range(12)
    ]
    assert "Too many" in answers[-1].content.decode()
