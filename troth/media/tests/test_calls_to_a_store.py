"""Calls to a store: who may be called, what proves us, and what is done when it is busy, silent, or gives half of it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests.keepers import RunningBucket, bucket_of, kept_in
from troth.base.clock import now
from troth.base.http import NotSent
from troth.base.http import hosts as registry
from troth.base.http.blocking import close_sync
from troth.media import bucket_calls
from troth.media.bucket import FIRST_BYTES, Bucket, Versioning
from troth.media.bucket_calls import Calls, declare_bucket
from troth.media.checking import NotFit, check
from troth.media.keeping import StoreAway
from troth.media.signing import EMPTY_SHA256, signed
from troth.workspaces.scope import _current

OTHERS = {
    "TROTH_S3_BUCKET": "troth-media",
    "TROTH_S3_REGION": "eu-test-1",
    "TROTH_S3_KEY_ID": "AKSTANDIN",
    "TROTH_S3_SECRET": "stand-in-secret",
    "TROTH_S3_WHERE": "Example Stores, Germany",
}


@pytest.fixture
def running() -> Iterator[RunningBucket]:
    with kept_in("bucket", page_max=5) as made:
        assert made.running is not None
        yield made.running
        close_sync()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Wait for nothing, and note for how long we would have."""
    waited: list[float] = []
    monkeypatch.setattr("troth.media.bucket_calls.time.sleep", waited.append)
    return waited


def opened(running: RunningBucket, tmp_path: Any, **other: str) -> Bucket:
    place = bucket_of(running.environment(**other))
    return Bucket(place, spool=tmp_path)


def put(bucket: Bucket, name: str, data: bytes) -> None:
    target = bucket.target(name)
    target.write(data)
    target.finish()


def test_a_call_is_signed_as_amazon_says() -> None:
    """The second example of the guide: a file whose first bytes are asked for."""
    headers = signed(
        "GET",
        "/test.txt",
        {"Range": "bytes=0-9"},
        host="examplebucket.s3.amazonaws.com",
        body_sha256=EMPTY_SHA256,
        key_id="AKIA" + "IOSFODNN7EXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        at=dt.datetime(2013, 5, 24, tzinfo=dt.UTC),
    )
    assert headers["Authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    assert "host" not in {name.lower() for name in headers}


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("SlowDown", "PUT"),
        ("InternalError", "PUT"),
        ("RequestTimeout", "PUT"),
        ("silent", "PUT"),
        ("SlowDown", "GET"),
        ("silent", "GET"),
        ("cut", "GET"),
        ("silent", "POST"),
        ("SlowDown", "POST"),
        ("cut", "POST"),
    ],
)
def test_what_may_go_otherwise_next_time_is_tried_again(
    running: RunningBucket, tmp_path: Any, pauses: list[float], word: str, method: str
) -> None:
    bucket, data = opened(running, tmp_path), b"x" * (FIRST_BYTES * 2)
    bucket.versioning()
    bucket.current()
    running.trouble(word, method=method, times=3)
    put(bucket, "w/1", data)
    source = bucket.source("w/1")
    assert source.read(0, len(data)) == data
    assert [one.name for one in bucket.kept()] == ["w/1"]
    bucket.remove(["w/"])
    assert list(bucket.kept(all_traces=True)) == []
    # The client itself asks once more where a kept connection turns out to be dead.
    assert 1 <= len(pauses) <= 3 if word == "silent" else len(pauses) == 3
    assert pauses == sorted(pauses), "longer each time"


def test_a_busy_store_says_itself_how_long_it_wants_to_rest(
    running: RunningBucket, tmp_path: Any, pauses: list[float]
) -> None:
    bucket = opened(running, tmp_path)
    running.trouble("SlowDown", retry_after="7")
    put(bucket, "w/1", b"x")
    assert 7.0 in pauses


def test_a_store_that_stays_busy_is_away_and_nothing_is_concluded(
    running: RunningBucket, tmp_path: Any, pauses: list[float]
) -> None:
    bucket = opened(running, tmp_path)
    put(bucket, "w/1", b"first")
    running.trouble("SlowDown", times=5)
    with pytest.raises(StoreAway) as told:
        put(bucket, "w/1", b"second")
    assert told.value.reason == "SlowDown"
    assert bucket.source("w/1").read(0, 10) == b"first"
    running.trouble("silent", times=10)
    with pytest.raises(StoreAway):
        bucket.source("w/2")
    running.bucket.may_not = frozenset({"GET"})
    with pytest.raises(StoreAway):
        bucket.source("w/1")


def test_bytes_that_are_others_by_the_time_they_arrive_are_not_kept(running: RunningBucket, tmp_path: Any) -> None:
    """The digest is signed with the call; what the store got is compared with it there."""
    bucket = opened(running, tmp_path)
    with pytest.raises(StoreAway) as told:
        bucket.put(f"{bucket.current()}/w/1", b"other bytes", EMPTY_SHA256)
    assert told.value.reason == "XAmzContentSHAMismatch"
    assert running.traces("w/1") == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"TROTH_S3_SECRET": "another"}, "see that TROTH_S3_KEY_ID and TROTH_S3_SECRET are right"),
        ({"TROTH_S3_KEY_ID": "another"}, "see that TROTH_S3_KEY_ID and TROTH_S3_SECRET are right"),
        ({"TROTH_S3_BUCKET": "elsewhere"}, "make it, or set TROTH_S3_BUCKET"),
        ({"TROTH_S3_REGION": "us-east-1"}, "set TROTH_S3_REGION"),
        ({"TROTH_S3_ADDRESS": "http://127.0.0.1:9"}, "see that TROTH_S3_ADDRESS is right"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(
    running: RunningBucket, tmp_path: Any, pauses: list[float], wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(NotFit) as told:
        check(opened(running, tmp_path, **wrong))
    assert sentence in str(told.value)
    assert "secret" not in str(told.value)
    assert str(told.value).count("\n") == 0


def test_another_time_is_told(
    running: RunningBucket, tmp_path: Any, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_calls, "now", lambda: now() + dt.timedelta(hours=1))
    with pytest.raises(NotFit, match="clock"):
        check(opened(running, tmp_path))


def test_a_bucket_that_lets_nothing_go_is_refused_and_one_that_keeps_versions_is_told(
    running: RunningBucket, tmp_path: Any
) -> None:
    bucket = opened(running, tmp_path)
    assert check(bucket) == "troth-media at 127.0.0.1"
    running.bucket.shelf.versioning = "Enabled"
    assert check(opened(running, tmp_path)).endswith("what is deleted is deleted in all of them")
    running.bucket.shelf.locked = True
    with pytest.raises(NotFit, match="Object Lock"):
        check(opened(running, tmp_path))
    running.bucket.shelf.locked, running.bucket.knows_versions = False, False
    assert check(opened(running, tmp_path)) == "troth-media at 127.0.0.1"


def test_versions_that_are_switched_on_later_are_noticed(running: RunningBucket, tmp_path: Any) -> None:
    running.bucket.keeps_time = False
    bucket = opened(running, tmp_path)
    put(bucket, "w/1", b"before")
    assert bucket.versioning() == Versioning(keeps=False, locks=False)
    running.bucket.shelf.versioning = "Enabled"
    put(bucket, "w/1", b"after")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)):
        bucket.remove(["w/1"])
    assert running.traces("w/1") == []


def test_a_version_that_stays_is_no_deletion(running: RunningBucket, tmp_path: Any) -> None:
    running.bucket.shelf.versioning = "Enabled"
    bucket = opened(running, tmp_path)
    put(bucket, "w/1", b"x")
    running.bucket.shelf.locked = True
    with pytest.raises(StoreAway) as told:
        bucket.remove(["w/"])
    assert told.value.reason == "AccessDenied"


def test_nothing_of_a_file_lies_on_the_disk_on_its_way(running: RunningBucket, tmp_path: Any) -> None:
    bucket = opened(running, tmp_path)
    target = bucket.target("w/1")
    target.write(b"x" * (3 * FIRST_BYTES))
    assert list(tmp_path.iterdir()) == [], "it has no name"
    target.finish()
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_never_asked_while_a_scope_is_open(running: RunningBucket, tmp_path: Any) -> None:
    bucket = opened(running, tmp_path)
    token = _current.set(UUID(int=1))
    try:
        with pytest.raises(RuntimeError, match="outside of scopes"):
            bucket.source("w/1")
    finally:
        _current.reset(token)
    assert not running.bucket.asked


@pytest.fixture
def own_hosts() -> Iterator[None]:
    before = dict(registry._hosts)
    yield
    registry._hosts.clear()
    registry._hosts.update(before)
    registry.is_declared.cache_clear()


@pytest.mark.usefixtures("own_hosts")
@pytest.mark.parametrize(
    ("style", "called"), [("path", "s3.stores.example"), ("host", "troth-media.s3.stores.example")]
)
def test_the_hosts_that_the_setting_names_may_be_called_and_no_other(style: str, called: str) -> None:
    place = bucket_of({**OTHERS, "TROTH_S3_ADDRESS": "https://s3.stores.example", "TROTH_S3_STYLE": style})
    assert not registry.may_call(called)
    declare_bucket(place)
    assert registry.may_call(called)
    assert not registry.may_call("stores.example")
    assert not registry.may_call("other.s3.stores.example")
    path = "" if style == "host" else "/troth-media"
    assert Calls(place)._target("1/a b", [("prefix", "x/"), ("delete", "")]) == f"{path}/1/a%20b?delete=&prefix=x%2F"


@pytest.mark.usefixtures("own_hosts")
def test_a_store_in_a_private_network_is_called_where_the_network_is_named(
    tmp_path: Any, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = {"TROTH_S3_ADDRESS": "https://10.255.255.1:9000", "TROTH_S3_WHERE": "us"}
    place = bucket_of({**OTHERS, **address})
    declare_bucket(place)
    with pytest.raises(NotFit, match="TROTH_S3_NETWORKS"):
        check(Bucket(place, spool=tmp_path))
    asked: dict[str, Any] = {}
    monkeypatch.setattr(bucket_calls, "request_sync", lambda *_, **more: asked.update(more) or _nothing())
    named = bucket_of({**OTHERS, **address, "TROTH_S3_NETWORKS": "10.0.0.0/8"})
    with pytest.raises(StoreAway):
        Bucket(named, spool=tmp_path).versioning()
    assert (asked["allowed_networks"], asked["ports"], asked["trusted"]) == (("10.0.0.0/8",), [443, 9000], [])


def _nothing() -> Any:
    raise NotSent("connect")
