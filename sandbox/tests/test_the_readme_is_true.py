"""What the README promises is what the code has."""

import re
from pathlib import Path

from sandbox import accounts
from sandbox.control import HANDLERS
from sandbox.customers.cast import CAST
from sandbox.faults import RECIPIENTS

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_demo_values_are_written_down() -> None:
    names = [name for name in dir(accounts) if name.startswith("DEMO_") and name not in {"DEMO_PORTFOLIO_ID"}]
    assert len(names) > 6
    assert [name for name in names if name != "DEMO_WABA_NAME" and getattr(accounts, name) not in README] == []


def test_every_number_that_makes_trouble_is_in_the_table() -> None:
    table = README.split("## Trouble on demand")[1].split("For everybody")[0]
    assert set(re.findall(r"\b\d{4}\b", table.replace("1,000", ""))) == set(RECIPIENTS)


def test_every_control_address_is_named() -> None:
    page_only = {"/people", "/thread", "/media"}
    paths = {path for _method, path in HANDLERS} - page_only - {"/faults"}
    assert [path for path in paths if f"{path[1:]}`" not in README] == []


def test_nobody_of_the_cast_has_a_number_that_makes_trouble() -> None:
    assert [role.id for role in CAST if role.phone and role.phone[-4:] in RECIPIENTS] == []
