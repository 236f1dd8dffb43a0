"""`bin/soak webhooks`: 200,000 mixed deliveries with repeats, disorder and errors; ends with 1 unless the books balance."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.crash.mortal import mortal
from tests.door.books import Books, books, closed_books
from tests.door.postman import OK, Postman
from tests.live import LiveHouse
from tests.soak.ledger import Ledger, differences
from tests.soak.rounds import memory_mb, say
from tests.soak.world import NOBODY, Letter, World

REPEATS = 0.05  # of letters come a second time, as they are
RETOLD = 0.01  # come a second time in other bytes
LATE_BY = 400  # letters: how far what happens one after the other gets mixed up
POSTMEN = 4
TELL_EVERY_S = 10.0
TRIES_AGAIN_AFTER_S = 0.2
REFUSED = 401


def flood(*, number: int, seed: int) -> int:
    """Deliver so many bodies and return the exit code."""
    say(f"{number:,} deliveries, seed {seed}")
    with mortal("flood") as live:
        house = live.house("Flood", Alice="owner")
        world = World(
            number=house.number_id, account=house.account_id, seed=seed, begins_at=int(time.time()) - 2 * 86_400
        )
        begun = time.monotonic()
        post = _Post(house, mixed(world, number=number, seed=seed))
        post.deliver(tell=lambda: say(f"  {post.told()}; {books(house).waiting:,} wait; memory {memory_mb(live)}"))
        taken_s = time.monotonic() - begun
        found = closed_books(house)
        digested_s = time.monotonic() - begun
        say(f"{post.told()} in {taken_s:.0f} s, digested after {digested_s:.0f} s; memory {memory_mb(live)}")
        say(found.words())
        trouble = [*found.trouble(), *post.trouble(found), *differences(house, world.expected)]
        trouble += [] if NOBODY not in live.log.read_text(errors="replace") else ["words of customers are in the log"]
    for line in trouble:
        say(f"  wrong: {line}")
    say("something is wrong" if trouble else "nothing lost, nothing doubled, the books balance")
    return 1 if trouble else 0


def mixed(world: World, *, number: int, seed: int) -> Iterator[Letter]:
    """Return so many letters of a world, some of them twice, all in disorder."""
    chance = random.Random(f"{seed} mixed")
    new = world.letters()
    bag: list[Letter] = []
    for left in range(number, 0, -1):
        # The last letters are those that are in the bag already, so that nothing that was begun stays untold.
        if len(bag) < min(left, LATE_BY):
            letter = next(new)
            bag.append(letter)
            if len(bag) < left - 1 and (drawn := chance.random()) < REPEATS + RETOLD and not letter.forged:
                bag.append(letter if drawn < REPEATS else _retold(letter))
        place = chance.randrange(len(bag))
        bag[place], bag[-1] = bag[-1], bag[place]
        yield bag.pop()


def _retold(letter: Letter) -> Letter:
    return Letter(letter.body + b" ", letter.events, letter.gaps)


@dataclass
class _Post:
    """Several postmen who empty one bag."""

    house: LiveHouse
    letters: Iterator[Letter]
    answers: Counter[int] = field(default_factory=Counter)
    ledger: Ledger = field(default_factory=Ledger)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failed: list[Exception] = field(default_factory=list)

    def deliver(self, *, tell: Callable[[], None]) -> None:
        """Deliver everything. Raises: whatever broke a postman."""
        threads = [threading.Thread(target=self._walk, daemon=True) for _ in range(POSTMEN)]
        for thread in threads:
            thread.start()
        for thread in itertools.cycle(threads):
            thread.join(TELL_EVERY_S / POSTMEN)
            if not any(one.is_alive() for one in threads):
                break
            if thread is threads[-1]:
                tell()
        if self._failed:
            raise self._failed[0]

    def _walk(self) -> None:
        postman = Postman(self.house)
        try:
            while (letter := self._next()) is not None:
                self._post(postman, letter)
        except Exception as failure:  # noqa: BLE001 - told to whoever waits for us
            self._failed.append(failure)
        finally:
            postman.close()

    def _next(self) -> Letter | None:
        with self._lock:
            letter = next(self.letters, None)
            if letter is not None:
                self.ledger.enter(letter)
            return letter

    def _post(self, postman: Postman, letter: Letter) -> None:
        secret = "another secret" if letter.forged else None
        while True:
            status = postman.post(letter.body, secret=secret)
            with self._lock:
                self.answers[status] += 1
            if status in (OK, REFUSED):
                return
            time.sleep(TRIES_AGAIN_AFTER_S)

    def told(self) -> str:
        return f"{sum(self.answers.values()):,} posted ({self.ledger.words()})"

    def trouble(self, found: Books) -> list[str]:
        """Return where the product's books differ from ours."""
        ours = {"deliveries": self.ledger.deliveries, "came": self.ledger.events, "gaps": self.ledger.gaps}
        theirs = {"deliveries": found.deliveries, "came": found.came, "gaps": found.gaps}
        wrong = [f"{name}: {theirs[name]:,} instead of {ours[name]:,}" for name in ours if ours[name] != theirs[name]]
        if self.answers[REFUSED] != self.ledger.forged:
            wrong.append(f"{self.answers[REFUSED]} refused, {self.ledger.forged} forged")
        return wrong
