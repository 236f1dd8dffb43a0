"""Who runs this installation and how to reach them: required in production, obviously made up in development.

Standard library only: the supervisor asks before anything starts.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from config.trouble import Trouble


@dataclass(frozen=True)
class Operator:
    """The people behind an installation. Each field's variable stands in VARIABLES."""

    name: str
    address: str
    email: str
    privacy_email: str
    security_email: str
    phone: str

    @property
    def address_lines(self) -> list[str]:
        """The postal address, line by line; the variable separates lines by semicolons."""
        return [line.strip() for line in self.address.split(";") if line.strip()]


VARIABLES = {
    "name": "TROTH_OPERATOR_NAME",
    "address": "TROTH_OPERATOR_ADDRESS",
    "email": "TROTH_CONTACT_EMAIL",
    "privacy_email": "TROTH_PRIVACY_EMAIL",
    "security_email": "TROTH_SECURITY_EMAIL",
    "phone": "TROTH_CONTACT_PHONE",
}
EXAMPLE = Operator(
    name="Example Operator",
    address="1 Example Street; 12345 Exampletown; Nowhere",
    email="hello@operator.example",
    privacy_email="privacy@operator.example",
    security_email="security@operator.example",
    phone="+1 202 555 0100",
)
_MADE_UP = re.compile(
    r"example|placeholder|change.?me|your.?(company|name|address|mail)|lorem|\btodo\b|\bxxx|\.invalid\b|\.test\b|localhost|\b555[ -]?01\d\d\b",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def operator(told: Mapping[str, str] = os.environ) -> Operator:
    """Return who runs this installation: what the variables say, an example in development, nothing where they are silent."""
    is_production = told.get("TROTH_ENV", "production") not in ("development", "test")
    found = {}
    for field in fields(Operator):
        fallback = "" if is_production else getattr(EXAMPLE, field.name)
        found[field.name] = told.get(VARIABLES[field.name], "").strip() or fallback
    return Operator(**found)


def require_operator(told: Mapping[str, str] = os.environ) -> None:
    """See to it that people can reach whoever runs this. Asks nothing outside of production.

    Raises: Trouble, naming every variable that is missing or made up.
    """
    if told.get("TROTH_ENV", "production") in ("development", "test"):
        return
    wrong = [VARIABLES[name] for name, value in vars(operator(told)).items() if not _is_real(name, value)]
    if wrong:
        raise Trouble(
            f"In production people must be able to reach you: set {', '.join(wrong)} to what is true of you "
            "(docs/settings.md), then start again."
        )


def _is_real(name: str, value: str) -> bool:
    if not value or _MADE_UP.search(value):
        return False
    if name.endswith("email"):
        return _MAIL.fullmatch(value) is not None
    if name == "phone":
        digits = re.sub(r"\D", "", value)
        return len(digits) >= 7 and len(set(digits)) > 2
    return True
