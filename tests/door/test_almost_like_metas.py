"""A glance at what `bin/soak` does for long: mutated bodies, and a small flood in disorder, with repeats and forgeries."""

import random
from itertools import count, islice

from tests.door.books import closed_books
from tests.door.postman import Postman
from tests.live import Live, LiveHouse
from tests.soak.flood import REFUSED, mixed
from tests.soak.fuzz import corpus, leaks, mutations, undelivered, unread
from tests.soak.ledger import Ledger, differences
from tests.soak.world import NOBODY, World

SEED = 20_261_129


def test_no_mutation_breaks_the_reader(house: LiveHouse) -> None:
    assert unread(mutations(corpus(house), count(), seed=SEED), number=1_500) == []


def test_no_mutation_breaks_what_stands_behind_the_door_nor_shows_in_the_log(live: Live, house: LiveHouse) -> None:
    bodies = corpus(house)
    assert undelivered(house, mutations(bodies, count(), seed=SEED + 1), number=250) == []
    assert leaks(live, bodies) == []


def test_a_flood_leaves_exactly_what_was_told(live: Live, house: LiveHouse) -> None:
    world = World(number=house.number_id, account=house.account_id, seed=SEED, begins_at=1_700_000_000, people=60)
    ledger, postman, refused = Ledger(), Postman(house), 0
    for letter in mixed(world, number=600, seed=SEED):
        ledger.enter(letter)
        refused += postman.post(letter.body, secret="another secret" if letter.forged else None) == REFUSED
    postman.close()
    found = closed_books(house)
    assert found.trouble() == []
    assert (found.deliveries, found.came, found.gaps) == (ledger.deliveries, ledger.events, ledger.gaps)
    assert refused == ledger.forged > 0
    assert ledger.repeated > 10
    assert differences(house, world.expected) == []
    assert NOBODY not in live.log.read_text()


def test_a_mutation_can_be_made_again_by_its_number() -> None:
    bodies = [b'{"entry":[{"changes":[{"value":{"messages":[{"id":"1"}]}}]}]}', b'{"a":[1,2,3]}', b"["]
    some = list(islice(mutations(bodies, count(), seed=1), 200))
    drawn = random.Random(1).sample(range(200), 40)
    assert [some[place] for place in drawn] == [next(mutations(bodies, count(place), seed=1)) for place in drawn]
