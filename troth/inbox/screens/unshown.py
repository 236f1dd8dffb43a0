"""What WhatsApp does not hand over: by its own word for it where it gives one, and what to do.

Source: Meta, "Unsupported messages" and error codes 131051 and 131060 (read 2026-11-30).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

ON_THE_PHONE = 131060


class Unshown(NamedTuple):
    """What it was, and what to do."""

    what: str
    remedy: str


def unshown(content: Mapping[str, Any] | None) -> Unshown:
    """Return what is said of a message that cannot be shown."""
    said = content or {}
    codes = {problem.get("code") for problem in said.get("problems") or [] if isinstance(problem, dict)}
    kind = str((said.get("data") or {}).get("type") or "")
    if ON_THE_PHONE in codes or kind == "media_placeholder":
        return Unshown(
            _("Only on the phone"),
            _(
                "WhatsApp hands this to the phone only, as it does with what may be seen once. Look at it in the WhatsApp app, or"
                " ask the customer to send it another way."
            ),
        )
    if kind == "edit":
        return Unshown(
            _("The customer changed a message"),
            _("WhatsApp does not say which one, nor what it says now. Ask them."),
        )
    what = {
        "poll_creation": _("A poll"),
        "poll_update": _("An answer to a poll"),
        "gif": _("A moving picture"),
        "group_invite": _("An invitation to a group"),
        "product": _("A product"),
    }.get(kind) or _("A kind of message that cannot be shown")
    return Unshown(what, _("The customer can see it in WhatsApp. Ask them to send it another way."))
