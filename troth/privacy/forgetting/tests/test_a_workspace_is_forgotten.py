"""A workspace closes at once, can be opened again for seven days, and is gone after that with its keys."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client

from tests.cast import user
from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.audit.record import Actor
from troth.base import sealing, tombstones
from troth.base.clock import now
from troth.base.keystore import KeysMissing
from troth.base.sealing import store
from troth.channels.models import Channel
from troth.ingest.door import Door
from troth.ingest.keys import ChannelKeys
from troth.privacy.forgetting import holds, plan, replay, workspaces
from troth.privacy.forgetting.certificate import certificate_of
from troth.privacy.forgetting.tests.story import OTHER, Story, begun, later, sweep
from troth.privacy.models import Erasure, ErasureState, HeldKind
from troth.privacy.rights.exports import job
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return begun()


def close(story: Story) -> Erasure:
    owner = next(iter(story.house.members.values()))
    return workspaces.request_erasure(story.id, by=Actor.member(owner))


def browser(story: Story, who: str) -> Client:
    client = Client()
    client.force_login(story.house.users[who])
    return client


@pytest.mark.clause("B4.2", "A4.2b")
def test_a_closing_workspace_lets_nobody_work_and_tells_everybody_so(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    close(story)
    for who in ("Alice", "Bob"):
        answer = browser(story, who).get(f"/w/{story.house.handle}/inbox/")
        assert (answer.status_code, answer["Location"]) == (302, f"/w/{story.house.handle}/closing/")
    page = f"/w/{story.house.handle}/closing/"
    assert b"closing/undo/" in browser(story, "Alice").get(page).content
    assert b"closing/undo/" not in browser(story, "Bob").get(page).content
    assert browser(story, "Bob").post(f"{page}undo/").status_code == 403


@pytest.mark.clause("A4.1", "B4.2", "L4")
def test_an_owner_takes_everything_along_while_it_is_closing_and_nobody_else_does(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        people = {name: user(name) for name in ("Ada", "Bea")}
        for one, role in zip(people.values(), (Role.ADMIN, Role.VIEWER), strict=True):
            Membership.objects.create(user=one, role=role)
    story.house.users.update(people)
    close(story)
    home = f"/w/{story.house.handle}/"
    alice = browser(story, "Alice")
    assert f'href="{home}privacy/exports/"' in alice.get(f"{home}closing/").content.decode()
    assert alice.get(f"{home}privacy/exports/").status_code == 200
    made = alice.post(f"{home}privacy/exports/new/")["Location"]
    export_id = made.rstrip("/").rpartition("/")[2]
    job.make(str(story.id), export_id)
    for who in ("Ada", "Bob", "Bea"):
        other = browser(story, who)
        answers = [other.get(f"{home}privacy/exports/"), other.post(f"{home}privacy/exports/new/")]
        answers += [other.get(made), other.post(f"{made}download/")]
        assert {one.status_code for one in answers} <= {302, 403}, who
        assert f'href="{home}privacy/exports/"' not in other.get(f"{home}closing/").content.decode()
    for page in ("inbox/", "settings/", "privacy/", "privacy/import/", "privacy/cases/", "help/", "access-log/"):
        assert alice.get(f"{home}{page}")["Location"] == f"{home}closing/", page
    assert alice.post(f"{made}sending/")["Location"] == f"{home}closing/"
    assert alice.get(made).status_code == 200
    assert b"".join(alice.post(f"{made}download/").streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    with later(days=7, minutes=1):
        alice = browser(story, "Alice")
        assert alice.get(f"{home}privacy/exports/")["Location"] == f"{home}closing/"
        assert f'href="{home}privacy/exports/"' not in alice.get(f"{home}closing/").content.decode()


@pytest.mark.clause("A4.1", "B4.2")
def test_secrets_are_destroyed_at_once_and_nothing_comes_in_any_more(story: Story) -> None:
    close(story)
    with scope(story.id):
        channel = Channel.objects.get()
        assert (channel.token, channel.app_secret, channel.verify_token) == (None, None, None)
    assert story.says("Too late", id="wamid.B")[1] == "ignored"
    assert places_of("Too late", everything(story.id)) == set()


@pytest.mark.clause("A4.1", "B4.2")
def test_the_door_answers_a_closing_workspaces_deliveries_and_reads_none(story: Story) -> None:
    close(story)
    with connection.cursor() as cursor:
        cursor.execute("SELECT closing FROM channel_door(%s)", [story.house.channel])
        assert cursor.fetchone() == (True,)

    class Keys:
        async def of(self, channel: Any) -> ChannelKeys:
            return ChannelKeys((), (), "", closing=True)

    class Writer:
        async def store(self, *told: Any) -> None:
            raise AssertionError("nothing is stored")

    async def receive() -> Any:
        raise AssertionError("the body is not read")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    door = Door(keys=Keys(), writer=Writer())  # type: ignore[arg-type]  # stand-ins
    asked = {"path": f"/hooks/cloud/{story.house.channel}", "method": "POST", "headers": []}
    asyncio.run(door(asked, receive, send))
    assert sent[0]["status"] == 200


@pytest.mark.clause("A4.1", "B4.2")
def test_an_owner_opens_it_again_within_seven_days(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    close(story)
    with later(days=6, hours=23):
        assert sweep() == 0
        alice = browser(story, "Alice")
        assert alice.post(f"/w/{story.house.handle}/closing/undo/").status_code == 302
        assert b"Hello" in alice.get(f"/w/{story.house.handle}/inbox/").content
    with later(days=9):
        assert sweep() == 0


@pytest.mark.clause("A4.2b", "B4.2", "L4")
def test_after_the_purge_no_row_is_left_and_the_keys_are_gone(story: Story, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    word = canary()
    story.says(f"My {word}", id="wamid.A", name=f"Mei {word}")
    story.says("And I", id="wamid.B", phone=OTHER)
    with scope(story.id):
        Workspace.objects.update(name=f"Kopi {word}")
    assert places_of(word, everything(story.id)) >= {"inbox_message.content", "workspaces_workspace.name"}
    erasure = close(story)
    with later(days=7, minutes=5):
        assert sweep() == 1
        assert str(story.id) not in store().rings()
        done = Erasure.objects.get(id=erasure.id)
        assert done.state == ErasureState.PURGED
        for model in plan.models_of_workspaces():
            with scope(story.id), connection.cursor() as cursor:
                column = plan.workspace_column(model)
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}" WHERE "{column}" = %s', [story.id])
                left = cursor.fetchone()[0]
            assert bool(left) == (model._meta.label == "audit.Entry"), model._meta.label
        with scope(story.id):
            assert (
                not apps.get_model("audit.Entry").objects.filter(workspace_id=story.id, detail__isnull=False).exists()
            )
        assert done.counts["inbox.Message"] == done.counts["contacts.Contact"] == 2
        assert done.counts["workspaces.Workspace"] == 1
        assert certificate_of(done).kept
        assert any(stone.subject_id == story.id for stone in tombstones.read())
        link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
        assert word not in mail.outbox[0].body
        assert str(story.house.handle) not in mail.outbox[0].body
        page = Client().get(link.partition("127.0.0.1:8000")[2] or link[link.index("/certificate/") :])
        assert b"Certificate of deletion" in page.content
        assert Client().get(f"/certificate/{done.token}/certificate.pdf").content.startswith(b"%PDF")
    with later(days=29):
        sweep()
        assert Erasure.objects.get(id=erasure.id).state == ErasureState.CERTIFIED


@pytest.mark.clause("A4.1", "B4.2")
def test_an_older_backup_of_the_database_cannot_be_read_once_the_keys_are_destroyed(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM inbox_message")
        kept_in_a_backup = bytes(cursor.fetchone()[0])
    assert b"Hello" in sealing.ring(str(story.id)).unseal(kept_in_a_backup, place="inbox_message.content")
    close(story)
    with later(days=8):
        sweep()
        with pytest.raises(KeysMissing):
            sealing.ring(str(story.id))


def test_others_keep_everything(story: Story) -> None:
    from tests.cast import rival  # noqa: PLC0415

    other = rival()
    before = [one for one in everything(other.id) if one[0].startswith("workspaces_")]
    close(story)
    with later(days=8):
        sweep()
    assert [one for one in everything(other.id) if one[0].startswith("workspaces_")] == before


def test_the_certificates_link_opens_nothing_for_who_guesses(story: Story) -> None:
    close(story)
    assert Client().get("/certificate/guess/").status_code == 404
    assert now()


@pytest.mark.clause("L4", "B4.2")
def test_a_register_outlives_the_workspace_and_the_certificate_names_it_whether_or_not_there_is_a_line(
    story: Story,
) -> None:
    from tests.cast import rival  # noqa: PLC0415

    empty = close(Story(rival()))
    glass, disclosures = (
        apps.get_model(f"support.{name}")._default_manager for name in ("BreakGlass", "LegalDisclosure")
    )
    named = {"workspace_id": story.id, "kind": "list", "asked_by": uuid4()}
    glass.create(ground="security", reason="A theft", **named)
    disclosures.create(authority="A court", reference="1", basis="A law", **named)
    told = close(story)
    with later(days=8):
        assert sweep() == 2
    assert glass.get(workspace_id=story.id).reason == "A theft"
    assert disclosures.get(workspace_id=story.id).authority == "A court"
    kept = [certificate_of(Erasure.objects.get(id=erasure.id)).kept for erasure in (told, empty)]
    assert kept[0] == kept[1], "the law may forbid to say that an authority asked"
    assert {"Emergency looks", "Disclosures"} <= {line.what for line in kept[0]}


@pytest.mark.clause("B4.2", "A4.2b")
def test_in_a_restored_database_it_goes_without_its_keys_and_whatever_a_hold_of_then_says(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        alice = Membership.objects.get(id=story.house.members["Alice"])
        Membership.objects.filter(id=story.house.members["Bob"]).update(role=Role.ADMIN)
        until = (now() + timedelta(days=30)).date()
        held = holds.ask([(HeldKind.WORKSPACE, story.id)], basis="A claim", reference="1", review_on=until, by=alice)
        holds.approve(held.id, by=Actor.member(story.house.members["Bob"]))
    tombstones.append(
        tombstones.Tombstone(
            tombstones.Kind.WORKSPACE, subject_id=story.id, workspace_id=story.id, erased_at=now() - timedelta(days=1)
        )
    )
    store().destroy(str(story.id))
    sealing.forget_ring(str(story.id))
    assert replay.forget_again() == 1
    for model in plan.models_of_workspaces():
        with scope(story.id), connection.cursor() as cursor:
            column = plan.workspace_column(model)
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}" WHERE "{column}" = %s', [story.id])
            assert bool(cursor.fetchone()[0]) == (model._meta.label == "audit.Entry"), model._meta.label
    assert replay.forget_again() == 0
