"""Whom the drill is about, and all that a restored home can be made to show of them."""

import base64
import os
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from procrastinate.contrib.django import app as jobs

from tests import bodies, cast
from tests.deliver import deliver
from tests.deliver import store as store_delivery
from troth.accounts.mail import send
from troth.accounts.models import QueuedMail, Session
from troth.accounts.sessions import SessionStore
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.keystore import KeysMissing
from troth.base.sealing import INSTALLATION, Unreadable, store
from troth.channels.contract import Content
from troth.inbox.models import Conversation, Message, ScheduledMessage
from troth.inbox.outbox import queue
from troth.support.grants import Wish
from troth.support.models import Kind, Problem
from troth.support.requests import ask
from troth.workspaces.mail_types import INVITATION
from troth.workspaces.models import Membership, Role
from troth.workspaces.resealing import sealed_fields
from troth.workspaces.scope import scope


def furnish(words: dict[str, str]) -> dict[str, Any]:
    """Make two workspaces with a number each: in Kopi two contacts, one of whom will be forgotten; Rival as a whole will.

    `words` holds what is planted, by name. Returns ids.
    """
    kopi, rival = cast.kopi(), cast.rival()
    made: dict[str, Any] = {"kopi": str(kopi.id), "rival": str(rival.id)}
    for who, house in (("living", kopi), ("forgotten", kopi), ("rivals", rival)):
        contact, met = _meet(
            house, name=words[f"name of {who}"], said=words[f"said by {who}"], phone=words[f"phone of {who}"]
        )
        made[who], made[f"thread of {who}"] = str(contact), str(met)
        folder = Path(settings.HOME) / "media" / str(contact)
        folder.mkdir(parents=True)
        (folder / "picture").write_text(words[f"picture of {who}"])
    with scope(kopi.id):
        thread = Conversation.objects.get(id=made["thread of living"])
        author = Membership.objects.order_by("id")[0]
        for text in ("on its way", "waits"):
            made[text] = str(queue(thread, Content(kind="text", text=f"{text} {words['answer']}"), by=author).id)
        Message.objects.filter(id=made["on its way"]).update(status=20, sending_at=now())
        ScheduledMessage.objects.create(
            conversation=thread,
            author=author,
            client_id=new_id(),
            content={"kind": "text", "text": words["answer"]},
            send_at=now() + timedelta(days=2),
            zone="Asia/Kuala_Lumpur",
        )
    for house in (kopi, rival):
        with scope(house.id):
            owner = Membership.objects.filter(role=Role.OWNER).get()
            ask(Problem.NUMBER, "Nothing arrives", by=owner, wish=Wish(Kind.SETTINGS))
    made["cookie"] = _sign_in(kopi.users["Alice"])
    send(INVITATION, to="dora@people.example", subject="The subject", text=words["mail"])
    made["later"] = jobs.configure_task("mail.deliver", queue="jobs", schedule_in={"days": 400}).defer(
        mail_id=made["kopi"]
    )
    late = bodies.text(
        words["waiting delivery"], id="wamid.late", at=int(now().timestamp()), phone=words["phone of living"]
    )
    store_delivery(kopi, bodies.envelope(bodies.value(kopi.number_id, messages=[late]), account=kopi.account_id))
    return made


def readable() -> dict[str, Any]:
    """Return every word in the database that the keys at hand open, all workspaces together."""
    words, shut = [], 0
    for ring in store().rings():
        for field in sealed_fields(installation=ring == INSTALLATION):
            inside = nullcontext() if ring == INSTALLATION else scope(UUID(ring))
            with inside, connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT "{field.column}" FROM "{field.model._meta.db_table}" WHERE "{field.column}" IS NOT NULL'
                )
                for (value,) in cursor.fetchall():
                    try:
                        words.append(str(field.unseal(value)))
                    except (Unreadable, KeysMissing):
                        shut += 1
    return {"words": "\n".join(words), "shut": shut}


def state() -> dict[str, Any]:
    """Return how things stand that were under way."""
    statuses: dict[str, int] = {}
    scheduled: list[int] = []
    for ring in store().rings():
        if ring != INSTALLATION:
            with scope(UUID(ring)):
                statuses |= {str(id): status for id, status in Message.objects.values_list("id", "status")}
                scheduled += ScheduledMessage.objects.values_list("state", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        done = {str(id): status for id, status in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM ingest_delivery WHERE digested_at IS NULL")
        (waiting,) = cursor.fetchone()
    return {
        "sessions": Session.objects.count(),
        "mails": QueuedMail.objects.filter(delivered_at=None, given_up_at=None).count(),
        "statuses": statuses,
        "scheduled": scheduled,
        "jobs": done,
        "deliveries": waiting,
        "rings": store().rings(),
    }


def _meet(house: cast.House, *, name: str, said: str, phone: str) -> tuple[UUID, UUID]:
    at = int((now() - timedelta(minutes=5)).timestamp())
    value = bodies.value(
        house.number_id,
        contacts=[bodies.contact(name=name, phone=phone)],
        messages=[bodies.text(said, id=f"wamid.{base64.b16encode(os.urandom(6)).decode()}", at=at, phone=phone)],
    )
    deliver(house, bodies.envelope(value, account=house.account_id))
    with scope(house.id):
        thread = Conversation.objects.order_by("-id")[0]
        return thread.contact_id, thread.id


def _sign_in(user: Any) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "troth.accounts.backend.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
