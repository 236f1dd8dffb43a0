"""When customers act: the opening of a newly connected number, answers to agents, and a trickle afterwards."""

from sandbox.accounts import Account, Number
from sandbox.customers import acting
from sandbox.customers.cast import CAST, NEW_TOPICS, NUDGES, SMALL_TALK, Role
from sandbox.customers.lines import Say
from sandbox.customers.replies import reply_to_form
from sandbox.life import Sent
from sandbox.people import Person
from sandbox.world import World

CONNECTED_PAUSE_S = 3.0  # the product may still be saving what it has just connected
OPENING_SPREAD_S = 5.0
LIVE_FIRST_S, LIVE_LAST_S = 8.0, 75.0
LIVE_SHARE = 6
BETWEEN_LINES_S = (1.5, 6.0)
TRICKLE_S = (20.0, 55.0)
UNANSWERED_MAX = 3
FEWER_ON_FURTHER_NUMBERS = 3


class Director:
    """Plays the cast."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answered: dict[tuple[str, str], int] = {}
        self._later: dict[tuple[str, str], int] = {}
        self._unanswered: dict[tuple[str, str], int] = {}
        self._roles: dict[str, Role] = {}
        self._playing: set[str] = set()
        for role in CAST:
            self._cast(role)

    def attend(self) -> None:
        """Start watching: for numbers that become connected, and for what agents send."""
        self._world.on_change.append(self._look)
        self._world.on_sent.append(self._heard)
        self._world.start_customers = self.start
        self._look()

    def start(self, account: Account, number: Number) -> None:
        """Play the opening on a number, whether or not it was played before."""
        first = account.numbers.index(number) == 0
        roles = CAST if first else CAST[::FEWER_ON_FURTHER_NUMBERS]
        number.opened_for = self._address(account, number)
        self._playing.add(number.id)
        live = roles[::LIVE_SHARE]
        past = sorted((role for role in roles if role not in live), key=lambda role: -role.minutes_ago)
        for index, role in enumerate(past):
            self._world.later(index * OPENING_SPREAD_S / len(past), self._past, account, number, role)
        for index, role in enumerate(live):
            pause_s = LIVE_FIRST_S + index * (LIVE_LAST_S - LIVE_FIRST_S) / max(1, len(live) - 1)
            self._world.later(pause_s, self._live, account, number, role)
        self._world.later(LIVE_LAST_S, self._trickle, account, number)
        self._world.changed()

    def _look(self) -> None:
        """Open every number that has become connected; go on with those that were open before a restart."""
        for account, number in self._world.numbers.values():
            if number.id in self._playing or not self._allowed(account):
                continue
            address = self._address(account, number)
            if not address:
                continue
            self._playing.add(number.id)
            if number.opened_for == address:
                self._world.later(self._between(TRICKLE_S), self._trickle, account, number)
            else:
                self._world.later(CONNECTED_PAUSE_S, self.start, account, number)

    def _address(self, account: Account, number: Number) -> str:
        """Return where a number is connected to; a further number of an account counts once it is in use."""
        if number is not account.numbers[0] and not (number.in_use or number.callback):
            return ""
        callback = self._world.callback_for(account, number, "messages")
        return callback.url if callback else ""

    def _allowed(self, account: Account) -> bool:
        return self._world.settings.customers and account.behaviour.customers

    def _cast(self, role: Role) -> None:
        key = role.phone or f"cast/{role.id}"
        person = Person(
            key=key,
            name=role.name,
            wa_id=role.phone,
            country=role.country,
            username=role.username,
            shows_phone=role.shows_phone,
            language=role.language,
            role=role.id,
        )
        self._roles[role.id] = role
        self._world.people.add(person)

    def _person(self, role: Role) -> Person:
        return next(person for person in self._world.people if person.role == role.id)

    def _past(self, account: Account, number: Number, role: Role) -> None:
        """Send an opening with the times at which it was written."""
        at = self._world.now() - role.minutes_ago * 60
        for line in role.opening:
            acting.act(self._world, account, number, self._person(role), line, at=min(at, self._world.now()))
            at += self._world.mint.chance.randrange(15, 70)
        self._count(number, self._person(role), len(role.opening))

    def _live(self, account: Account, number: Number, role: Role) -> None:
        """Send an opening line by line, as it is written now."""
        pause_s = 0.0
        for line in role.opening:
            self._world.later(pause_s, self._act, account, number, self._person(role), line)
            pause_s += self._between(BETWEEN_LINES_S)

    def _act(self, account: Account, number: Number, person: Person, line: Say) -> None:
        acting.act(self._world, account, number, person, line)
        self._count(number, person, 1)

    def _count(self, number: Number, person: Person, lines: int) -> None:
        at = (number.id, person.key)
        self._unanswered[at] = self._unanswered.get(at, 0) + lines

    def _heard(self, sent: Sent) -> None:
        """An agent has written: the customer reads, thinks, and answers."""
        role = self._roles.get(sent.person.role)
        behaviour = sent.account.behaviour
        if role is None or sent.person.played or not behaviour.replies or sent.kind == "reaction":
            return
        if not self._world.settings.customers and sent.number.id not in self._playing:
            return
        self._unanswered[sent.number.id, sent.person.key] = 0
        least, most = behaviour.typing_ms
        reading_ms = behaviour.sent_ms[1] + behaviour.delivered_ms[1] + behaviour.read_ms[1]
        pause_s = (reading_ms + self._world.mint.chance.uniform(least, most)) / 1000
        self._world.later(pause_s, self._answer, sent, role)

    def _answer(self, sent: Sent, role: Role) -> None:
        account, number, person = sent.account, sent.number, self._person(role)
        if not person.online:
            return
        if form := reply_to_form(sent, self._world.mint.chance):
            self._act(account, number, person, form)
            return
        at = (number.id, role.id)
        turn = self._answered.get(at, 0)
        self._answered[at] = turn + 1
        if turn < len(role.answers):
            self._act(account, number, person, role.answers[turn])
            if role.answers[turn].kind in {"change_number", "react"} and turn + 1 < len(role.answers):
                self._world.later(self._between(BETWEEN_LINES_S), self._answer, sent, role)
        elif turn < len(role.answers) + 2:
            self._act(account, number, person, Say(self._pick(SMALL_TALK[role.language])))

    def _trickle(self, account: Account, number: Number) -> None:
        """Let one of the cast write again; nobody writes more than a few lines without an answer."""
        if self._allowed(account) and self._world.callback_for(account, number, "messages"):
            patient = [role for role in CAST if self._may_write(number, role)]
            if patient:
                self._write_again(account, number, self._world.mint.chance.choice(patient))
        self._world.later(self._between(TRICKLE_S), self._trickle, account, number)

    def _write_again(self, account: Account, number: Number, role: Role) -> None:
        at = (number.id, role.id)
        turn = self._later.get(at, 0)
        self._later[at] = turn + 1
        idle = NUDGES if self._waiting(number, role) else NEW_TOPICS
        line = role.later[turn] if turn < len(role.later) else Say(self._pick(idle[role.language]))
        self._act(account, number, self._person(role), line)

    def _may_write(self, number: Number, role: Role) -> bool:
        return not self._person(role).played and self._waiting(number, role) < UNANSWERED_MAX

    def _waiting(self, number: Number, role: Role) -> int:
        return self._unanswered.get((number.id, self._person(role).key), 0)

    def _pick(self, choices: tuple[str, ...]) -> str:
        return self._world.mint.chance.choice(choices)

    def _between(self, bounds_s: tuple[float, float]) -> float:
        return self._world.mint.chance.uniform(*bounds_s)
