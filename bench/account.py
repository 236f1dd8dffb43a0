"""What became of acknowledged messages, in the product's own environment: `python -m bench.account <question as JSON>`.

Compares by the provider's message ids, opened, so that the product's own guard against duplicates is not its witness.
"""

import array
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from bench.bank import Bank  # noqa: E402  # after setup()
from troth.inbox.models import Message  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402


def main(question: dict[str, Any]) -> dict[str, int]:
    """Return how many of the acknowledged messages are in the inbox, lost, and there more than once."""
    bank = Bank(**question["bank"])
    numbers = array.array("I")
    numbers.frombytes(Path(question["acknowledged"]).read_bytes())
    with scope(UUID(question["workspace"])):
        stored = Counter(Message.objects.order_by().values_list("external_id", flat=True).iterator(5000))
    wanted = {bank.wamid(number) for number in numbers}
    return {
        "acknowledged": len(wanted),
        "stored": sum(1 for id in wanted if id in stored),
        "lost": sum(1 for id in wanted if id not in stored),
        "duplicated": sum(1 for count in stored.values() if count > 1),
        "rows": sum(stored.values()),
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
