"""What the acts of this app and of those below are called in the access log. Apps beside us name theirs themselves."""

from django.utils.translation import gettext_lazy as _

from troth.audit.words import register_words


def name_all() -> None:
    """Name them all. Called once, when the app is ready."""
    register_words(
        "looks",
        {
            "grant.used": _("looked, with your permission"),
            "help.read": _("read a request for help"),
            "break_glass.used": _("looked without being asked"),
            "break_glass.over": _("had looked without being asked"),
            "disclosure.made": _("gave data to an authority"),
            "disclosure.notice": _("tells you what was given to an authority"),
            "contact.unmasked": _("uncovered a number"),
            "export.made": _("made an export"),
            "export.downloaded": _("downloaded an export"),
            "audit.downloaded": _("downloaded the audit chain"),
            "log.downloaded": _("downloaded the access log"),
            "operator_hold.notice": _("tells you what a law keeps from being deleted"),
            "breach.notice": _("was told of a breach of data"),
        },
    )
    register_words(
        "support",
        {
            "help.asked": _("asked for help"),
            "help.written": _("wrote to support"),
            "help.answered": _("answered"),
            "help.closed": _("closed a request for help"),
            "help.alarm": _("reminded support of a request for help"),
            "grant.given": _("gave support permission to look"),
            "grant.wished": _("wants support to look, and waits for a yes"),
            "grant.approved": _("said yes to support's looking"),
            "grant.declined": _("said no to support's looking"),
            "grant.revoked": _("stopped support's looking"),
            "grant.narrowed": _("narrowed what support may look at"),
            "grant.expired": _("ended support's permission: its time was over"),
            "grant.closed": _("ended support's permission: the request was closed"),
            "grant.lapsed": _("ended support's permission: whoever gave it or said yes to it may not any more"),
            "grant.restored": _("ended support's permission: a backup was restored"),
            "support.ask_first_on": _("chose that an owner is asked before support may look"),
            "support.ask_first_off": _("chose that admins may let support look"),
            "sending.stopped": _("stopped all sending"),
            "sending.allowed": _("allowed sending again"),
            "anchor.mailed": _("asked for the chain's daily mail"),
            "anchor.unmailed": _("ended the chain's daily mail"),
        },
    )
    register_words(
        "members",
        {
            "member.invited": _("invited somebody"),
            "member.invited_again": _("sent an invitation again"),
            "invitation.revoked": _("revoked an invitation"),
            "member.joined": _("joined"),
            "member.role_changed": _("changed a role"),
            "member.removed": _("removed somebody"),
            "member.left": _("left"),
            "team.created": _("made a team"),
            "team.renamed": _("renamed a team"),
            "team.chosen": _("changed who is in a team"),
            "team.deleted": _("deleted a team"),
        },
    )
    register_words(
        "channels",
        {
            "channel.entered": _("began to connect a number"),
            "channel.connected": _("connected a number"),
            "channel.renamed": _("renamed a channel"),
            "rates.imported": _("imported what Meta charges for messages"),
            "rates.removed": _("deleted the rates of messages"),
            "channel.shared": _("changed who sees a channel"),
            "channel.catalog_changed": _("changed which catalogue a channel shows"),
            "channel.receipts_changed": _("changed when customers are told that we have read"),
            "channel.token_replaced": _("replaced a channel's token"),
            "channel.secret_replaced": _("replaced a channel's app secret"),
            "channel.old_secret_ended": _("ended a channel's old app secret"),
            "channel.removed": _("disconnected a number"),
            "channel.cut_off": _("followed Meta, which ended the access to a number"),
            "channel.signed_up": _("connected a number on Meta's page"),
            "channel.registered": _("registered a number with WhatsApp's platform"),
            "channel.phone_asked": _("asked a phone app for contacts and old messages"),
            "template.submitted": _("handed a template in for review"),
            "template.deleted": _("deleted a template"),
            "template.put_away": _("put a template away"),
            "template.taken_out": _("took out a template that was put away"),
            "template.archived": _("put a template into WhatsApp's archive"),
            "template.unarchived": _("took a template out of WhatsApp's archive"),
        },
    )
    register_words(
        "workspace", {"workspace.founded": _("made this workspace"), "workspace.renamed": _("renamed the workspace")}
    )
