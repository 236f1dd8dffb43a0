"""In production nothing starts while nobody could reach whoever runs it; development has an obvious example."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.operator import EXAMPLE, VARIABLES, operator, require_operator
from config.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.clause("B0.2", "A6.1")
REAL = {
    "TROTH_ENV": "production",
    "TROTH_OPERATOR_NAME": "Kopi Hosting Sdn Bhd",
    "TROTH_OPERATOR_ADDRESS": "12 Jalan Tun; 50480 Kuala Lumpur; Malaysia",
    "TROTH_CONTACT_EMAIL": "hello@kopi-hosting.my",
    "TROTH_PRIVACY_EMAIL": "privacy@kopi-hosting.my",
    "TROTH_SECURITY_EMAIL": "security@kopi-hosting.my",
    "TROTH_CONTACT_PHONE": "+60 3 2345 6789",
}


def test_what_is_true_is_taken() -> None:
    require_operator(REAL)
    assert operator(REAL).address_lines == ["12 Jalan Tun", "50480 Kuala Lumpur", "Malaysia"]


@pytest.mark.parametrize("variable", VARIABLES.values())
@pytest.mark.parametrize(
    "value", ["", "   ", "example", "changeme", "TODO: fill in", "info@localhost.test", "+1 202 555 0100"]
)
def test_each_is_required_and_none_may_be_made_up(variable: str, value: str) -> None:
    with pytest.raises(Trouble, match=variable):
        require_operator({**REAL, variable: value})


@pytest.mark.parametrize("address", ["hello", "hello@kopi", "two words@kopi.my", "a@b@c.my"])
def test_a_mail_address_has_to_be_one(address: str) -> None:
    with pytest.raises(Trouble, match="TROTH_PRIVACY_EMAIL"):
        require_operator({**REAL, "TROTH_PRIVACY_EMAIL": address})


@pytest.mark.parametrize("phone", ["0000000000", "12", "call us"])
def test_a_telephone_number_has_to_be_one(phone: str) -> None:
    with pytest.raises(Trouble, match="TROTH_CONTACT_PHONE"):
        require_operator({**REAL, "TROTH_CONTACT_PHONE": phone})


def test_the_example_of_development_is_no_truth_in_production() -> None:
    require_operator({"TROTH_ENV": "development"})
    told = {VARIABLES[name]: value for name, value in vars(EXAMPLE).items()}
    with pytest.raises(Trouble) as refusal:
        require_operator({"TROTH_ENV": "production", **told})
    assert all(variable in str(refusal.value) for variable in VARIABLES.values())


def test_nothing_said_means_production() -> None:
    with pytest.raises(Trouble):
        require_operator({})


@pytest.mark.parametrize("program", ["config.serve", "config.supervise.run"])
def test_the_product_does_not_start_and_says_why_in_one_sentence(program: str, tmp_path: Path) -> None:
    told = {name: value for name, value in os.environ.items() if not name.startswith("TROTH_")}
    told |= {"TROTH_ENV": "production", "TROTH_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", program], cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "In production people must be able to reach you" in last
    assert "Traceback" not in done.stderr
