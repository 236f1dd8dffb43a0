"""Makes a workspace with a connected number, in the product's own environment: `python -m bench.house <wishes as JSON>`.

Prints what a benchmark needs to know of it as one line of JSON.
"""

import json
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # after setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from tests import cast  # noqa: E402
from troth.accounts.models import User  # noqa: E402
from troth.accounts.sessions import SessionStore  # noqa: E402
from troth.channels.models import Channel  # noqa: E402
from troth.workspaces.models import Role  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402


def main(wishes: dict[str, Any]) -> dict[str, Any]:
    """Make a workspace as wished: `name`, `agents`, and the ids and secrets of its number."""
    prefix = wishes.get("prefix", "")
    people = {f"{prefix}Alice": Role.OWNER}
    people |= {f"{prefix}Agent{number}": Role.AGENT for number in range(wishes.get("agents", 1))}
    house = cast.house(
        wishes["name"],
        people=people,
        number_id=wishes["number_id"],
        account_id=wishes["account_id"],
        secret=wishes["secret"],
    )
    with scope(house.id):
        channel = Channel.objects.get(id=house.channel)
        for name in ("token", "app_id", "messages_per_second"):
            if name in wishes:
                setattr(channel, name, wishes[name])
        channel.save()
    return {
        "id": str(house.id),
        "handle": house.handle,
        "channel": str(house.channel),
        "members": {who: str(id) for who, id in house.members.items()},
        "cookies": [_session(user) for user in house.users.values()],
    }


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
