"""What all processes remember together: attempts are counted right even when they come at the same moment."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from troth.accounts.cache import forget_expired
from troth.accounts.models import CacheEntry
from troth.accounts.tests.conftest import at_once
from troth.base.clock import now


@pytest.fixture
def committed_cache(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        cache.clear()
        yield
        cache.clear()


def test_what_is_set_is_found_until_it_expires(db: Any) -> None:
    cache.set("key", [1.5, 2.5], 60)
    assert cache.get("key") == [1.5, 2.5]
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert cache.get("key", "gone") == "gone"


def test_what_is_there_is_not_added_until_it_expires(db: Any) -> None:
    assert cache.add("key", 1, 60)
    assert not cache.add("key", 2, 60)
    assert cache.get("key") == 1
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert cache.add("key", 3, 60)


def test_what_is_deleted_is_gone(db: Any) -> None:
    cache.set("key", 1)
    assert "key" in cache
    assert cache.delete("key")
    assert not cache.delete("key")
    assert "key" not in cache


def test_touching_prolongs(db: Any) -> None:
    cache.set("key", 1, 60)
    assert cache.touch("key", 600)
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert cache.get("key") == 1
    assert not cache.touch("other", 600)


def test_no_time_limit_means_none(db: Any) -> None:
    cache.set("key", 1, None)
    with time_machine.travel(now() + timedelta(days=365)):
        assert cache.get("key") == 1


def test_the_expired_are_forgotten(db: Any) -> None:
    cache.set("old", 1, 1)
    cache.set("new", 1, 60)
    with time_machine.travel(now() + timedelta(seconds=30)):
        assert forget_expired() == 1
    assert CacheEntry.objects.count() == 1


@pytest.mark.clause("X27")
def test_of_twenty_who_add_at_once_one_succeeds(committed_cache: None) -> None:
    assert at_once(lambda: cache.add("key", 1, 60), times=20).count(True) == 1
