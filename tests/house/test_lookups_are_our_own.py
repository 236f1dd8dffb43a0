"""No name of a field, an order or a function in a question to the database comes from a request: they stand in the source.

Values are bound by the driver; names cannot be. So whatever module reads a request writes its names out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import ROOT

pytestmark = pytest.mark.clause("X5")

# Methods whose positional words are names of fields, and those whose keywords are.
NAMES = {"order_by", "values", "values_list", "only", "defer", "distinct", "select_related", "prefetch_related", "F"}
KEYWORDS = {"filter", "exclude", "get", "annotate", "aggregate", "update", "alias", "Q"}
RAW = {"extra", "raw", "RawSQL", "mark_safe", "eval", "exec"}
READS_A_REQUEST = re.compile(r"request\.(GET|POST|FILES|COOKIES|META|headers|body)|cleaned_data|query_string")
# file: why its computed names are safe
REASONS = {"troth/accounts/middleware.py": "the columns of a session that is in use, from a dictionary written there"}


def sources() -> Iterator[Path]:
    """Yield the modules that read a request."""
    for path in sorted((ROOT / "troth").rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts) and READS_A_REQUEST.search(path.read_text()):
            yield path


def computed(tree: ast.AST) -> list[str]:
    """Return the calls in which a name of a field is made rather than written."""
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in NAMES and any(not _is_written(one) for one in call.args):
            found.append(name)
        if name in KEYWORDS and any(one.arg is None for one in call.keywords):
            found.append(name)
        if name in RAW:
            found.append(name)
    return found


def _is_written(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) or (
        isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id in ("F", "Count")
    )


def test_names_in_questions_are_written_in_the_source() -> None:
    found = {str(path.relative_to(ROOT)) for path in sources() if computed(ast.parse(path.read_text()))}
    assert found - set(REASONS) == set()
    assert set(REASONS) - found == set(), "a reason for what is not there any more"


def test_views_are_among_what_is_looked_at() -> None:
    looked_at = {str(path.relative_to(ROOT)) for path in sources()}
    assert {"troth/inbox/views/acts.py", "troth/support/views/access_log.py", "troth/realtime/stream.py"} <= looked_at
    assert len(looked_at) > 30


@pytest.mark.parametrize(
    "said",
    [
        "rows.order_by(request.GET['sort'])",
        "rows.filter(**given)",
        "F(name)",
        "rows.values(*names)",
        "rows.extra(where=[x])",
    ],
)
def test_the_look_sees_a_name_from_outside(said: str) -> None:
    assert computed(ast.parse(said))


@pytest.mark.parametrize("said", ["rows.order_by('-at', 'id')", "rows.filter(id=given)", "rows.update(n=F('n') + 1)"])
def test_the_look_lets_written_names_through(said: str) -> None:
    assert not computed(ast.parse(said))
