"""What a phone holds: people, conversations, bubbles, files."""

from dataclasses import dataclass, field

COMES = 50


@dataclass(slots=True, eq=False)
class Somebody:
    """A person. `digits` is empty where the number is hidden, `lid` where WhatsApp has told none yet; with `lid_late` a
    device hears of it only in the midst of the history."""

    name: str = ""  # as the phone's owner saved them
    called: str = ""  # as they call themselves
    digits: str = ""
    lid: str = ""
    lid_late: bool = False

    @property
    def by_phone(self) -> str:
        """The id made of the phone number."""
        return f"{self.digits}@s.whatsapp.net" if self.digits else ""

    @property
    def by_lid(self) -> str:
        """The id that says nothing of the phone number."""
        return f"{self.lid}@lid" if self.lid else ""

    @property
    def shown(self) -> str:
        """What the phone writes above the conversation."""
        return self.name or (f"+{self.digits}" if self.digits else f"~{self.called}")

    def is_meant(self, wanted: str) -> bool:
        """Tell whether this is who is spoken of: by an id, a name or a number."""
        names = {self.by_phone, self.by_lid, self.name, self.called, self.digits, f"+{self.digits}"}
        return wanted in names - {"", "+"}


@dataclass(slots=True, eq=False)
class Kept:
    """A file of a message. `kind` is image, video, audio, document or sticker; a `voice` note is an audio."""

    ref: str
    data: bytes = field(repr=False)
    mime: str
    kind: str = "document"
    name: str = ""
    voice: bool = False
    seconds: int = 0
    width: int = 0
    height: int = 0


@dataclass(slots=True, eq=False)
class Bubble:
    """One message. `by` is None where the phone's owner said it; `expires` is 0 where it stays; instants in ms.

    `kind`: text, that of its file, location, contact, view_once, call, notice, poll, revoked. `ack`: -1 failed, 1 sent,
    2 delivered, 3 read.
    """

    id: str
    at: int
    by: Somebody | None = None
    kind: str = "text"
    text: str = ""
    quotes: str = ""
    file: Kept | None = None
    place: tuple[float, float, str] | None = None
    cards: list[tuple[str, str]] = field(default_factory=list)
    reactions: list[tuple[Somebody | None, str]] = field(default_factory=list)
    ack: int = 0
    edited: bool = False
    expires: int = 0

    def react(self, who: Somebody | None, emoji: str) -> None:
        """Put a reaction under it in place of the one before, or take it away with an empty one."""
        self.reactions = [one for one in self.reactions if one[0] is not who] + ([(who, emoji)] if emoji else [])

    def revoke(self) -> None:
        """Take away what it said."""
        self.kind, self.text, self.quotes, self.file, self.place = "revoked", "", "", None, None
        self.cards, self.reactions = [], []


@dataclass(slots=True, eq=False)
class Chat:
    """One conversation: with `who`, or a `group` of this id. After linking the last `comes` messages come by themselves."""

    who: Somebody | None = None
    group: str = ""
    subject: str = ""
    members: list[Somebody] = field(default_factory=list)
    bubbles: list[Bubble] = field(default_factory=list)
    unread: int = 0
    timer_s: int = 0
    archived: bool = False
    comes: int = COMES
    answers: list[str] = field(default_factory=list)  # what people say next, one after the other
    later: list[str] = field(default_factory=list)  # what they say by themselves

    @property
    def shown(self) -> str:
        """Its name on the phone."""
        return self.who.shown if self.who else self.subject

    @property
    def people(self) -> list[Somebody]:
        """Everybody in it but the phone's owner."""
        return [self.who] if self.who else self.members

    @property
    def at(self) -> int:
        """When something was last said."""
        return self.bubbles[-1].at if self.bubbles else 0

    @property
    def is_first(self) -> bool:
        """Whether nobody but the phone's owner has ever said something."""
        return not any(one.by for one in self.bubbles)

    def is_meant(self, wanted: str) -> bool:
        """Tell whether this one is spoken of: by an id, a name or a number."""
        return self.who.is_meant(wanted) if self.who else wanted in (self.group, self.subject)

    def find(self, id: str) -> Bubble | None:
        return next((one for one in reversed(self.bubbles) if one.id == id), None)
