"""What happened to a conversation beside messages, in words: its lines, and gaps in what came."""

from django.utils.translation import gettext as _

from troth.inbox.screens.names import Person


def line_text(kind: str, who: Person | None, other: Person | None, contact: Person) -> str:
    """Return a system line's words."""
    member = who.name if who else _("Somebody")
    if kind.startswith("hands_"):
        return _("WhatsApp changed who answers here: %(role)s") % {"role": role_words(kind.removeprefix("hands_"))}
    texts = {
        "assigned": _("%(member)s assigned this to %(other)s"),
        "unassigned": _("%(member)s took the assignment away"),
        "took": _("%(member)s took this on"),
        "closed": _("%(member)s closed this"),
        "reopened": _("%(member)s reopened this"),
        "number_changed": _("%(contact)s changed the phone number"),
        "id_changed": _("%(contact)s is known by a new WhatsApp id"),
        "security_code_changed": _("The security code of %(contact)s changed"),
        "merged": _("%(member)s merged another contact into this one"),
        "joined": _("WhatsApp said that two contacts are one person, so they are shown as one"),
        "parted": _("%(member)s separated two contacts that were shown as one"),
        "identity_confirmed": _("%(member)s made sure that this is still %(contact)s"),
        "blocked": _("%(member)s blocked %(contact)s in WhatsApp"),
        "unblocked": _("%(member)s unblocked %(contact)s in WhatsApp"),
        "call_from_customer": _("%(contact)s called"),
        "call_from_us": _("%(contact)s was called from WhatsApp"),
    }
    names = {"member": member, "other": other.name if other else _("somebody"), "contact": contact.name}
    return texts.get(kind, "") % names


def role_words(role: str) -> str:
    """Return what a responder's role at Meta is called."""
    return {
        "ai_agent": _("an AI agent"),
        "ctwa": _("whoever answers advertisements"),
        "customer_service": _("customer service"),
        "escalation": _("whoever takes over difficult questions"),
        "marketing": _("marketing"),
        "utility": _("notices about orders and accounts"),
    }.get(role, _("another responder"))


def gap_text(reason: str) -> str:
    """Return what a gap says: what happened, and that nothing was lost."""
    kept = _("It is kept, sealed, for a later version that can read it.")
    texts = {
        "unknown-status": _("WhatsApp told something about a message here that we do not know yet."),
        "could-not-be-applied": _("Something arrived here that we could read but not apply."),
        "delivery-parked": _("A whole delivery of WhatsApp's could not be read."),
        "its-message-never-came": _("News came about a message that itself never came."),
        "no-message-named": _("News came about a message, without saying which."),
        "nobody-named": _("A message came without saying from whom."),
        "no_person": _("A message came without saying from whom."),
        "no_id": _("A message came without its id."),
        "unknown_field": _("WhatsApp sent a kind of news that we do not know yet."),
        "not_json": _("WhatsApp sent something that is not in its own form."),
        "empty": _("WhatsApp sent an empty piece of news."),
    }
    return f"{texts.get(reason) or _('Something arrived here that we could not read.')} {kept}"
