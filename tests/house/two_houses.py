"""Two workspaces with one of everything, each word in them a canary that says who may read it; and all who might try.

Kopi is the one that is guarded; Rival is the stranger's. In each, one channel is hidden from one of the agents.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test.utils import override_settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from tests import bodies, cast
from tests.deliver import deliver
from tests.house.canaries import canary
from tests.house.rooms import ROOMS
from troth.accounts.models import QueuedMail, User
from troth.accounts.second_factor import seal_text
from troth.accounts.sessions import SessionStore
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.channels.models import Channel, ChannelMember, ChannelTeam, Rate
from troth.contacts.models import Contact
from troth.inbox.acts import close, keep_draft
from troth.inbox.files import drafting
from troth.inbox.models import Attachment, AttachmentState, Conversation, Message, MessageStatus, ScheduledMessage
from troth.inbox.outbox import queue
from troth.workspaces import invitations
from troth.workspaces.models import Membership, Role, Team, TeamMember, Workspace
from troth.workspaces.scope import scope

# `hidden` may not see the channel; `removed` was an admin once; `idle` is there to have things done to.
PEOPLE = {
    "owner": Role.OWNER,
    "co-owner": Role.OWNER,
    "admin": Role.ADMIN,
    "agent": Role.AGENT,
    "hidden": Role.AGENT,
    "viewer": Role.VIEWER,
    "removed": Role.ADMIN,
    "idle": Role.AGENT,
}
MEMBERS = frozenset(PEOPLE) - {"removed"}
AUDIENCES = {
    "members": MEMBERS,
    "channel": MEMBERS - {"hidden", "idle"},
    "admins": frozenset({"owner", "co-owner", "admin"}),
    # Phone numbers are masked for viewers.
    "members who see numbers": MEMBERS - {"viewer"},
    "channel who see numbers": MEMBERS - {"hidden", "idle", "viewer"},
    # Viewers neither merge nor separate people.
    "channel who answer": MEMBERS - {"hidden", "idle", "viewer"},
    "nobody": frozenset[str](),
}
BACKEND = "troth.accounts.backend.Backend"


@dataclass
class Kept:
    """What one workspace holds: the ids that addresses and forms name, cookies, and words with those who may read them."""

    house: cast.House
    ids: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    planted: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return self.house.id

    def plant(self, what: str, audience: str, *, word: str = "") -> str:
        """Return a word to put somewhere. `audience` is one of AUDIENCES, or one person alone."""
        made = word or canary()
        self.planted[made] = (what, AUDIENCES.get(audience, frozenset({audience})))
        return made

    def overheard(self, text: str, *, by: str) -> set[str]:
        """Return what stands in a text and was not for this person ("" is anybody else)."""
        return {what for word, (what, audience) in self.planted.items() if by not in audience and word in text}

    def close_conversation(self) -> None:
        """Close the conversation, in the scope of this workspace."""
        found = Conversation.objects.get(id=self.ids["conversation"])
        close(found, by=self.member("owner"))

    def fail_file(self) -> None:
        """Let a file be one that could not be fetched, in the scope of this workspace."""
        Attachment.objects.filter(id=self.ids["attachment"]).update(state=AttachmentState.FAILED, next_attempt_at=None)

    def import_a_rate(self) -> None:
        """Let there be a rate, in the scope of this workspace."""
        facts = {"currency": "USD", "market": "MY", "category": "utility", "valid_from": "2026-10-01"}
        Rate.objects.get_or_create(**facts, defaults={"amount": "0.01"})

    def change_code(self) -> None:
        """Let the security code of the conversation's person have changed, in the scope of this workspace."""
        thread = Conversation.objects.get(id=self.ids["conversation"])
        Contact.objects.filter(id=thread.contact_id).update(security_changed_at=now(), security_confirmed_at=None)

    def hold_message(self) -> None:
        """Let a message wait a little before it leaves, in the scope of this workspace."""
        waiting = {"status": MessageStatus.QUEUED, "next_attempt_at": now() + timedelta(seconds=5)}
        Message.objects.filter(id=self.ids["message"]).update(**waiting)

    def tomorrow(self) -> str:
        """Return a time of tomorrow, as it stands on a wall."""
        return f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"

    def read_conversation(self) -> None:
        """Read the conversation to its end, in the scope of this workspace."""
        Conversation.objects.filter(id=self.ids["conversation"]).update(unread=0)

    def sign_everybody_in_elsewhere(self) -> None:
        """Give everybody a second browser."""
        for user in self.house.users.values():
            another_browser(user)

    def member(self, who: str) -> Membership:
        """Return a member, in the scope of this workspace."""
        return Membership.objects.select_related("user").get(id=self.ids[f"member {who}"])


@contextmanager
def plain_settings() -> Iterator[None]:
    """Name static files as they are, hash passwords quickly, and queue mails as the product does."""
    stores = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    usual = {
        "STORAGES": stores,
        "EMAIL_BACKEND": "troth.accounts.mail.QueuedBackend",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Everybody here has just proven to be themselves, however long a slow machine takes for a file.
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 24 * 3600,
    }
    with override_settings(**usual):
        yield


def furnish(name: str, *, number: int) -> Kept:
    """Make a workspace with one of everything. `number` tells its Meta ids and secrets apart from others'."""
    people = {f"{name[0]} {who}": role for who, role in PEOPLE.items()}
    ids = {"number_id": f"1{number:014d}", "account_id": f"2{number:014d}", "secret": f"a{number:031d}"}
    house = cast.house(name, people=people, **ids)
    kept = Kept(house, {"handle": house.handle})
    with scope(house.id):
        _name(kept, name)
        _guard(kept)
    _receive(kept)
    with scope(house.id):
        for which in ("", "open "):
            _answer(kept, which)
        _invite(kept)
        for room in ROOMS:
            room(kept)
    for who in PEOPLE:
        kept.cookies[who] = signed_in(house.users[f"{name[0]} {who}"], workspace=house.handle)
        _add_passkey(kept, who, house.users[f"{name[0]} {who}"])
    kept.ids |= {"session": another_browser(house.users[f"{name[0]} owner"]), "passkey": kept.ids["passkey owner"]}
    return kept


def signed_in(user: User, **more: Any) -> str:
    """Sign somebody in who has just proven to be themselves; return the cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request: Any = SimpleNamespace(session=session)
    record_authentication(request, user, method="password", reauthenticated=True)
    session.update(more)
    session.create()
    assert session.session_key is not None
    return session.session_key


def _name(kept: Kept, name: str) -> None:
    workspace = Workspace.current()
    workspace.name = f"{name} {kept.plant('name of the workspace', 'members')}"
    workspace.save(update_fields=["name"])
    for who in PEOPLE:
        person = kept.house.users[f"{name[0]} {who}"]
        person.name = f"{who} {kept.plant(f'name of {who}', 'members')}"
        if who == "removed":
            kept.planted[person.name.split()[1]] = (f"name of {who}", MEMBERS | {who})
        person.email = f"{canary().lower()}@example.test"
        kept.planted[person.email] = (f"address of {who}", AUDIENCES["admins"] | {who})
        person.set_password(cast.PASSWORD)
        person.save(update_fields=["name", "email", "password"])
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        kept.ids[f"member {who}"] = kept.house.members[f"{name[0]} {who}"]
    gone = Membership.objects.filter(id=kept.ids["member removed"])
    gone.update(removed_at=now(), removed_by=kept.ids["member owner"])
    team = Team.objects.create(name=kept.plant("name of the team", "members"))
    TeamMember.objects.create(team=team, membership_id=kept.ids["member agent"])
    kept.ids["team"] = team.id


def _guard(kept: Kept) -> None:
    """Let only viewer (by choice) and agent (by team) see the channel, and fill in its secrets; connect an open one."""
    channel = Channel.objects.get(id=kept.house.channel)
    channel.name, channel.open_to_all = kept.plant("name of the channel", "channel"), False
    channel.display_number = kept.plant("number of the channel", "channel")
    channel.token, channel.previous_app_secret = kept.plant("token", "nobody"), kept.plant("old app secret", "nobody")
    channel.verify_token = kept.plant("verify token", "admins")
    channel.catalog_id = "777777777777777"
    kept.plant("app secret", "nobody", word=kept.house.secret)
    channel.previous_app_secret_hash = b"\0" * 16
    channel.save()
    ChannelMember.objects.create(channel=channel, membership_id=kept.ids["member viewer"])
    ChannelTeam.objects.create(channel=channel, team_id=kept.ids["team"])
    other = cast.connect(
        number_id=f"3{kept.house.number_id[1:]}", account_id=kept.house.account_id, secret=_open(kept).secret
    )
    kept.ids |= {"channel": channel.id, "open channel": other.id}


def _open(kept: Kept) -> cast.House:
    """Return the house as its open channel's app signs for it."""
    house = kept.house
    return replace(house, number_id=f"3{house.number_id[1:]}", secret=f"b{house.secret[1:]}")


def _receive(kept: Kept) -> None:
    """Let a customer write to each channel."""
    at, which = int(time.time()) - 60, kept.house.number_id[-1]
    writers = ((kept.house, f"6012345{which}001", "channel"), (_open(kept), f"6012345{which}002", "members"))
    for house, phone, audience in writers:
        word = {
            what: kept.plant(f"{what} ({audience})", audience)
            for what in ("contact", "text", "caption", "file", "place", "card")
        }
        for written in (phone[2:], f"{phone[2:4]}-{phone[4:7]} {phone[7:]}"):
            kept.plant(f"phone ({audience})", f"{audience} who see numbers", word=written)
        pieces: list[bodies.Body] = [
            {"type": "text", "text": {"body": word["text"]}},
            {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": word["caption"]}},
            {"type": "document", "document": {"id": "2", "mime_type": "text/plain", "filename": word["file"]}},
            {"type": "location", "location": {"latitude": 3.1, "longitude": 101.7, "name": word["place"]}},
            {"type": "contacts", "contacts": [{"name": {"formatted_name": word["card"]}, "phones": []}]},
        ]
        messages = [
            {"from": phone, "timestamp": str(at + n), "id": f"wamid.{house.number_id}.{n}", **piece}
            for n, piece in enumerate(pieces)
        ]
        value = bodies.value(
            house.number_id, contacts=[bodies.contact(name=word["contact"], phone=phone)], messages=messages
        )
        outcome = deliver(house, bodies.envelope(value, account=house.account_id))
        assert {line[1] for line in outcome[0]} == {"applied"}, outcome
        unknown = kept.plant(f"gap ({audience})", audience)
        value = bodies.value(house.number_id, anything=1)
        outcome = deliver(house, bodies.envelope(value, account=house.account_id, field=unknown))
        assert {line[1] for line in outcome[0]} == {"gap"}, outcome


def _answer(kept: Kept, which: str) -> None:
    """Let the agent answer and draft in a channel's thread; what became of the answer is not sure."""
    thread = Conversation.objects.get(channel_id=kept.ids[f"{which}channel"])
    agent, audience = kept.member("agent"), "members" if which else "channel"
    said = queue(thread, Content(kind="text", text=kept.plant(f"{which}answer", audience)), by=agent)
    Message.objects.filter(id=said.id).update(status=MessageStatus.UNCERTAIN)
    keep_draft(thread, kept.plant(f"{which}draft", "agent"), of=agent)
    later = ScheduledMessage.objects.create(
        conversation=thread,
        author=agent,
        client_id=new_id(),
        content={"kind": "text", "text": kept.plant(f"{which}scheduled", audience)},
        send_at=now() - timedelta(minutes=1),
        zone="Asia/Kuala_Lumpur",
    )
    kept.ids[f"{which}scheduled"] = later.id
    last = Message.objects.filter(conversation=thread, direction="in").latest("at")
    Conversation.objects.filter(id=thread.id).update(unread=2)
    file = Attachment.objects.filter(message__conversation=thread).earliest("id")
    kept.ids |= {f"{which}conversation": thread.id, f"{which}message": said.id, f"{which}incoming": last.id}
    kept.ids[f"{which}attachment"] = file.id
    name = kept.plant(f"{which}name of a chosen file", "owner")
    chosen = drafting.begin(thread, by=kept.member("owner"), size_bytes=10, wish="document", name=name)
    kept.ids[f"{which}chosen"] = chosen.id


def _invite(kept: Kept) -> None:
    address = f"{canary().lower()}@example.test"
    made = invitations.invite(address, role=Role.AGENT, by=kept.member("owner"))
    mail = bytes(QueuedMail.objects.latest("id").message).replace(b"=\n", b"").decode()
    kept.ids |= {"invitation": made.id, "token": mail.partition("/join/")[2].partition("/")[0]}
    kept.planted[address] = ("an invited address", AUDIENCES["admins"])


def _add_passkey(kept: Kept, who: str, user: User) -> None:
    data = {"name": seal_text(kept.plant(f"name of a passkey of {who}", who)), "credential": _credential()}
    made = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    kept.ids[f"passkey {who}"] = made.pk


def another_browser(user: User) -> UUID:
    """Sign somebody in once more, and return the id under which they see that session."""
    elsewhere = SessionStore(signed_in(user))
    elsewhere.load()
    assert elsewhere.row_id is not None
    return elsewhere.row_id


def _credential() -> dict[str, Any]:
    """Return what a browser sends when a passkey is made. Nothing is ever signed with it."""
    public = generate_private_key(SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]  # the library's
    made = AttestedCredentialData.create(b"\0" * 16, b"a passkey", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(b"\0" * 32, flags, 0, made)
    client = json.dumps({"type": "webauthn.create", "challenge": "", "origin": "http://localhost"}).encode()
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    name = websafe_encode(b"a passkey")
    return {"id": name, "rawId": name, "type": "public-key", "response": response}
