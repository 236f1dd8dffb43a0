"""What the acts of this floor are called in the access log."""

from django.utils.translation import gettext_lazy as _

from troth.audit.words import register_values, register_words
from troth.privacy.rights.kinds import Kind


def name_all() -> None:
    """Name them all. Called once, when the app is ready."""
    register_values({kind.value: kind.label for kind in Kind})
    register_words("looks", {"record.downloaded": _("downloaded the record of processing")})
    register_words(
        "privacy",
        {
            "case.opened": _("opened a request about data"),
            "case.acknowledged": _("confirmed that a request about data has come in"),
            "case.verified": _("noted who it is that asks"),
            "case.extended": _("took longer for a request about data"),
            "case.forwarded": _("passed a request about data on"),
            "case.closed": _("closed a request about data"),
            "case.alarm": _("warned that a request about data is due"),
            "consent.given": _("noted that somebody allows marketing"),
            "consent.withdrawn": _("noted that somebody wants no marketing"),
            "contact.objected": _("noted that somebody objects to marketing"),
            "contact.objection_withdrawn": _("noted that somebody no longer objects"),
            "contact.corrected": _("corrected a name"),
            "contact.restricted": _("had somebody's data left alone"),
            "contact.restriction_lifted": _("had somebody's data used again"),
            "contact.erasure_requested": _("deleted a person; it can be undone for some days"),
            "contact.erasure_undone": _("took the deleting of a person back"),
            "contact.erased": _("deleted a person for good"),
            "member.erasure_requested": _("deleted their account; it can be undone for some days"),
            "member.erasure_undone": _("took the deleting of their account back"),
            "member.forgotten": _("erased the traces of a former member"),
            "workspace.erasure_requested": _("deleted this workspace; it can be undone for some days"),
            "workspace.erasure_undone": _("took the deleting of this workspace back"),
            "export.asked": _("asked for a copy of data"),
            "export.link_made": _("made a link to a copy of data"),
            "export.deleted": _("deleted a copy of data"),
            "import.begun": _("began to restore a copy"),
            "import.done": _("restored a copy"),
            "import.refused": _("refused to restore a copy"),
            "hold.asked": _("asked for a legal hold"),
            "hold.approved": _("approved a legal hold"),
            "hold.released": _("ended a legal hold"),
            "retention.changed": _("changed how long messages are kept"),
            "retention.purged": _("deleted what was older than is kept"),
            "workspace.phones_from": _("changed who sees phone numbers"),
            "usage.switched_off": _("switched the counting of use off"),
            "usage.switched_on": _("switched the counting of use on"),
        },
    )
