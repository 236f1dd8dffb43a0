"""How often parts of the product are used in the whole installation, where at least ten workspaces use them.

The floor of ten stands in the database: the only function that looks across workspaces does not tell less.
"""

from datetime import date

from django.db import connection

WORKSPACES_MIN = 10


def totals(since: date) -> list[tuple[date, str, int]]:
    """Return day, event and sum, only where ten workspaces or more are in the sum."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT day, event, count FROM usage_totals(%s) ORDER BY day, event", [since])
        return [(row[0], row[1], int(row[2])) for row in cursor.fetchall()]
