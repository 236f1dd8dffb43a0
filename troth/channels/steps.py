"""The steps of connecting a number as people read them: what happened, and what to do next."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.channels.connecting import STEPS, next_step
from troth.channels.models import Channel
from troth.channels.registry import explain_check

ARRIVAL = "arrival"
TITLES = {
    "token": gettext_lazy("Access token"),
    "secret": gettext_lazy("App secret"),
    "number": gettext_lazy("Number and account"),
    "app": gettext_lazy("What the app passes on"),
    "account": gettext_lazy("Callback address"),
    ARRIVAL: gettext_lazy("First message"),
}
ASKS = {
    "token": gettext_lazy("Asking Meta whether the token is valid and what it may do…"),
    "secret": gettext_lazy("Asking Meta whether the secret belongs to the token's app…"),
    "number": gettext_lazy("Asking Meta whether the number belongs to the account…"),
    "app": gettext_lazy("Subscribing the app to messages and other news…"),
    "account": gettext_lazy("Giving Meta the callback address; Meta opens it to see that it is ours…"),
}
# What the person can do about an outcome right here: a word that the template turns into a button or a link.
REMEDIES = {
    "token_invalid": "token",
    "token_expired": "token",
    "token_expires": "token",
    "scopes_missing": "token",
    "app_unknown": "token",
    "secret_wrong": "secret",
    "account_missing": "ids",
    "number_missing": "ids",
    "no_permission": "ids",
    "number_taken": "ids",
    "other_callback": "take_account",
    "no_override": "take_account",
    "app_other_callback": "take_app",
    "number_not_connected": "register",
}


@dataclass(frozen=True)
class Row:
    """One step. `state` is ok, warn (works, with a but), bad, now (being asked), wait (for a person) or todo."""

    step: str
    title: str
    state: str
    happened: str
    advice: str = ""
    remedy: str = ""
    names: list[str] = field(default_factory=list)
    trace_id: str = ""
    at: datetime | None = None

    @property
    def said(self) -> str:
        """The state in a word, for those who do not see the mark."""
        words = {"ok": _("All right"), "warn": _("Works, with a warning"), "bad": _("Not right")}
        words |= {"now": _("Being checked"), "wait": _("Waiting"), "todo": _("Not checked yet")}
        return words[self.state]


def rows_of(channel: Channel) -> list[Row]:
    """Return all steps as they stand; the one to be asked next is `now`."""
    return [row_of(channel, step) for step in (*STEPS, ARRIVAL)]


def row_of(channel: Channel, step: str) -> Row:
    """Return one step as it stands."""
    if step == ARRIVAL:
        return _arrival(channel)
    found = (channel.checks or {}).get(step)
    if found is not None:
        return _found(channel, step, found)
    if next_step(channel) == step:
        return Row(step, str(TITLES[step]), "now", str(ASKS[step]))
    return Row(step, str(TITLES[step]), "todo", _("Waits for the steps above."))


def is_connected(channel: Channel) -> bool:
    """Return whether Meta confirmed all that it takes for messages to come and go."""
    found = channel.checks or {}
    return channel.is_bound and all(step in found and found[step]["ok"] for step in STEPS)


def has_failed(channel: Channel) -> bool:
    """Return whether a step came out wrong."""
    return any(not found["ok"] for found in (channel.checks or {}).values())


def _found(channel: Channel, step: str, found: dict[str, Any]) -> Row:
    code, facts = found["code"], found["facts"]
    state = "bad" if not found["ok"] else "ok" if code == "ok" else "warn"
    return Row(
        step,
        str(TITLES[step]),
        state,
        happened=_happened(channel, step, code, facts),
        advice=_advice(code, facts),
        remedy=REMEDIES.get(code, ""),
        names=[*facts.get("missing", []), *facts.get("fields", [])] if state != "ok" else [],
        trace_id=facts.get("trace_id") or "",
        at=datetime.fromisoformat(str(found["at"])),
    )


def _happened(channel: Channel, step: str, code: str, facts: dict[str, Any]) -> str:
    if code == "number_taken":
        return _(
            "The number is yours, but it is connected in another workspace. It has to be removed there before it can be "
            "connected here."
        )
    if code != "ok":
        return explain_check(channel.kind, code)
    return _went_well(step, facts)


def _went_well(step: str, facts: dict[str, Any]) -> str:
    if step == "token":
        return _("Valid without an end, for the app “%(app)s”, and allowed to send and to manage.") % {
            "app": _apart(facts.get("app_name") or facts.get("app_id"))
        }
    if step == "secret":
        return _("It is the secret of the app that the token belongs to.")
    if step == "number":
        said = {"number": _apart(facts.get("display_number")), "name": _apart(facts.get("verified_name"))}
        return _("%(number)s, known to customers as “%(name)s”, is connected to Meta's platform.") % said
    if step == "app":
        return _("The app passes on messages, decisions on templates and warnings, and sends them here.")
    return _("Meta opened the address, got the right answer, and sends this account's messages there.")


def _advice(code: str, facts: dict[str, Any]) -> str:
    if code == "token_expires" and facts.get("expires_at"):
        day = date_format(datetime.fromisoformat(str(facts["expires_at"])), "DATE_FORMAT")
        return _("It ends on %(day)s.") % {"day": day}
    if code in ("other_callback", "app_other_callback"):
        host = _apart(urlsplit(facts.get("callback") or "").hostname)
        return _("It goes to %(host)s at the moment.") % {"host": host}
    if code == "callback_unreachable":
        return _("If this address is right and open to the internet, wait some seconds and check again.")
    if code == "number_not_connected":
        status = facts.get("status") or "?"
        return _("Meta calls its state %(status)s. WhatsApp Manager shows what is missing.") % {"status": status}
    return ""


def _arrival(channel: Channel) -> Row:
    title = str(TITLES[ARRIVAL])
    if channel.first_delivery_at is not None:
        return Row(ARRIVAL, title, "ok", _("A signed delivery of Meta's came in."), at=channel.first_delivery_at)
    if not is_connected(channel):
        return Row(ARRIVAL, title, "todo", _("Waits for the steps above."))
    return Row(
        ARRIVAL,
        title,
        "wait",
        _("Write to %(number)s from a phone that is not part of this account. This turns green when it arrives.")
        % {"number": _apart(channel.display_number)},
    )


def _apart(text: str | None) -> str:
    """Return a name or number that keeps its own direction inside a sentence of any other."""
    return f"\u2068{text or '?'}\u2069"
