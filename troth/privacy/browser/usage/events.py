"""All that is counted, and at which addresses. Nothing else is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.base.usage import Event, declare_event

# By method and the name of an address: an event and what it is in words.
COUNTED: dict[tuple[str, str], tuple[str, str | Promise]] = {
    ("GET", "inbox"): ("inbox.opened", _("Inbox opened")),
    ("GET", "conversation"): ("conversation.opened", _("Conversation opened")),
    ("POST", "messages"): ("message.written", _("Answer written")),
    ("POST", "closure"): ("conversation.closed", _("Conversation closed")),
    ("POST", "reopening"): ("conversation.reopened", _("Conversation reopened")),
    ("POST", "assignment"): ("conversation.assigned", _("Conversation assigned")),
    ("GET", "gaps"): ("gaps.opened", _("Gaps looked at")),
    ("GET", "channels:index"): ("channels.opened", _("Channels looked at")),
    ("GET", "workspaces:settings"): ("settings.opened", _("Settings opened")),
    ("GET", "workspaces:members"): ("members.opened", _("Members looked at")),
    ("POST", "workspaces:invite"): ("member.invited", _("Somebody invited")),
    ("GET", "workspaces:teams"): ("teams.opened", _("Teams looked at")),
    ("GET", "usage:index"): ("usage.opened", _("This page opened")),
}


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for key, words in COUNTED.values():
        declare_event(Event(key, words))
