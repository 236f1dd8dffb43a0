"""What stands in each of the two houses of the access log, help and the staff's door."""

from typing import TYPE_CHECKING

from troth.support import grants, requests
from troth.support.models import Kind, Problem

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Let the viewer ask for help, and show a conversation to support with a yes of the owner; another yes is awaited."""
    viewer, owner = kept.member("viewer"), kept.member("owner")
    wish = grants.Wish(Kind.CHOSEN, conversation_ids=[kept.ids["conversation"]], names=True, bodies=True)
    word = kept.plant("a word to support", "admins")
    kept.planted[word] = (kept.planted[word][0], kept.planted[word][1] | {"viewer"})
    made = requests.ask(Problem.CONVERSATION, f"Please look {word}", by=viewer, wish=wish)
    given = grants.approve(grants.awaiting().get().pk, by=owner)
    waiting = grants.give(made, grants.Wish(Kind.LIST), by=viewer)
    kept.ids |= {"help": made.pk, "grant": given.pk, "waiting grant": waiting.pk}
