"""The fixed cast: Alice owns Kopi, Bob is an agent there, Vera may look; Charlie owns Rival and is a stranger to Kopi."""

from dataclasses import dataclass
from uuid import UUID

from troth.accounts.models import User
from troth.accounts.terms import current_version
from troth.base.ids import new_id
from troth.base.sealing import INSTALLATION, ring, store
from troth.channels.models import Channel, ChannelKind
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

PASSWORD = "correct horse battery staple"
APP_SECRET = "app secret of kopi"
TOKEN = "EAAtoken-of-kopi"


@dataclass(frozen=True)
class House:
    """A workspace with one connected number and its members' memberships by name."""

    id: UUID
    handle: str
    channel: UUID
    number_id: str
    account_id: str
    secret: str
    members: dict[str, UUID]
    users: dict[str, User]


def house(
    name: str,
    *,
    people: dict[str, Role],
    number_id: str,
    account_id: str,
    secret: str = APP_SECRET,
    domain: str = "example.test",
) -> House:
    """Make a workspace with these people (first name and role; mail at the domain) and one connected number."""
    id = new_id()
    store().create(str(id))
    users = {who: user(who, domain=domain) for who in people}
    with scope(id):
        workspace = Workspace.objects.create(id=id, name=name)
        members = {who: Membership.objects.create(user=users[who], role=role).id for who, role in people.items()}
        channel = connect(number_id=number_id, account_id=account_id, secret=secret)
    return House(id, workspace.handle, channel.id, number_id, account_id, secret, members, users)


def user(name: str, *, domain: str = "example.test") -> User:
    """Make a person who can log in, without the cost of a slow hash."""
    person = User(email=f"{address_of(name)}@{domain}", name=name, terms_version=current_version())
    person.set_unusable_password()
    person.save()
    return person


def connect(*, number_id: str, account_id: str, secret: str) -> Channel:
    """Make a connected number in the workspace in scope."""
    return Channel.objects.create(
        kind=ChannelKind.CLOUD,
        name="Main number",
        display_number="+60 3-1234 5678",
        number_id=number_id,
        account_id=account_id,
        app_id="1234",
        token=TOKEN,
        app_secret=secret,
        app_secret_hash=ring(INSTALLATION).index(secret, place="channels_channel.app_secret_hash"),
        verify_token="verify me",
    )


def kopi() -> House:
    """Make Alice's and Bob's workspace."""
    people = {"Alice": Role.OWNER, "Bob": Role.AGENT, "Vera": Role.VIEWER}
    return house("Kopi & Co", people=people, number_id="100000000000001", account_id="200000000000001")


def rival() -> House:
    """Make Charlie's workspace."""
    return house(
        "Rival Ltd",
        people={"Charlie": Role.OWNER},
        number_id="100000000000002",
        account_id="200000000000002",
        secret="app secret of rival",
    )


def address_of(name: str) -> str:
    """Return the part of a made-up address before the @: the name, unless it is one that must not show."""
    return name.lower() if len(name) < 12 else f"somebody-{len(name)}"
