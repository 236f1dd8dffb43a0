"""Histories as long as wished: what is said in them is dull, and made up without any chance, so that they are quickly there."""

from typing import TYPE_CHECKING

from sandbox.web.chats import Bubble, Chat, Somebody
from sandbox.web.phone import WebPhone

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

APART_MS = 7 * 60_000
READ = 3
LINES = (
    "Good morning! Are the peonies in?",
    "They came this morning, shall I keep some for you?",
    "Yes please, a dozen. I'll come by after work.",
    "Done, they wait in the cold room under your name.",
    "You are a star ⭐",
    "See you later then!",
    "Running ten minutes late, sorry",
    "No worries, we are here until seven.",
)
FIRST_MADE_UP = 447_700_000_000


def more_of(edge: "Edge", chat: Chat, count: int, *, before: int) -> list[Bubble]:
    """Return so many messages from before an instant, the oldest first: theirs and ours by turns."""
    made = []
    for index in range(count):
        at = before - (count - index) * APART_MS
        by = None if index % 2 else chat.people[index // 2 % len(chat.people)]
        number = count - index
        text = f"{LINES[index % len(LINES)]} ({number})"
        made.append(Bubble(edge.message_id(), at, by, text=text, ack=0 if by else READ))
    return made


def made_up(edge: "Edge", phone: WebPhone, *, messages: int, chats: int) -> None:
    """Put so many messages on a phone, spread over so many conversations; all of them come after linking."""
    chats = min(chats, messages)
    for index in range(chats):
        who = Somebody(f"Customer {index + 1:04d}", "", str(FIRST_MADE_UP + index), edge.new_lid())
        chat = Chat(who)
        count = messages // chats + (1 if index < messages % chats else 0)
        chat.bubbles = more_of(edge, chat, count, before=edge.now_ms() - index * APART_MS)
        chat.comes = count
        phone.people.append(who)
        phone.chats.append(chat)
