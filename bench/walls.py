"""What the walls between workspaces cost: the database's time for a page of the inbox and for a thread, with row-level
security as always and with it switched off, on the same data, in turns. `python -m bench.walls`, part of `bin/promises`.

The numbers go to where tests write theirs (var/promises/tests.json).
"""

import statistics
import sys

from bench.stage import House, Product, Stage
from bench.workloads.reading import past
from troth.privacy.policy import results

CONVERSATIONS, MESSAGES, OTHERS = 5_000, 50_000, 4
ROUNDS = 9
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity"


def main() -> int:
    """Measure, write the numbers down and print them."""
    with Stage() as stage:
        environment, house, seeded = past(
            stage, conversations=CONVERSATIONS, messages=MESSAGES, others=OTHERS, notes=[]
        )
        with Product(stage, environment) as product:
            numbers = _measured(product, house, seeded["long"][0][0] if seeded["long"] else seeded["some"][0])
    results.write(results.local_file(), {}, whole=False, numbers=numbers)
    for name, value in numbers.items():
        sys.stdout.write(f"{name}: {value} ms\n")
    return 0


def _measured(product: Product, house: House, conversation: str) -> dict[str, float]:
    """Return the middle of several rounds, in milliseconds of the database's time for all statements of a page."""
    inbox = f"/w/{house.handle}/inbox/"
    pages = {
        "inbox": {"path": f"{inbox}?show=all", "headers": {"HX-Request": "true", "HX-Target": "list"}},
        "thread": {"path": f"{inbox}{conversation}/", "headers": {"HX-Request": "true", "HX-Target": "pane"}},
    }
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, verb in (("with", "ENABLE"), ("without", "DISABLE")):
            _turn(product, verb)
            asked = product.ask("bench.questions", {"cookie": house.cookies[1], "pages": pages})
            for page, found in asked.items():
                taken.setdefault(f"{page} {name} walls", []).append(found["database_ms"])
    return {name: round(statistics.median(times), 3) for name, times in taken.items()}


def _turn(product: Product, verb: str) -> None:
    """Switch row-level security on or off for all tables of this throwaway database."""
    with product.stage.looking(product.environment) as connection:
        kept = connection.execute(TABLES).fetchall()
        for (table,) in kept:
            connection.execute(f'ALTER TABLE "{table}" {verb} ROW LEVEL SECURITY')


if __name__ == "__main__":
    sys.exit(main())
