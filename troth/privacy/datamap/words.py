"""The data registry in words for people. Whatever is declared has words here, or a test is red."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.base.registry import Keep, Purpose, Seen, Staff, Subject

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """What a table holds: a title, and a sentence without jargon."""

    title: Words
    what: Words


@dataclass(frozen=True)
class Use:
    """A purpose: the title of its group, why the data is needed, and an icon."""

    title: Words
    why: Words
    icon: str


_MACHINERY = Kind(_("Machinery"), _("Counters, schedules and names of our own parts. Nothing about a person."))

# By the label of the model.
KINDS: dict[str, Kind] = {
    "contacts.Contact": Kind(
        _("Contacts"), _("The people who write to you: the name you gave them, and what WhatsApp says they are called.")
    ),
    "contacts.Identity": Kind(
        _("Numbers and WhatsApp ids"), _("The ways in which a contact is known, with when each held.")
    ),
    "contacts.Consent": Kind(
        _("What people allowed"), _("Whether a person wants marketing, when they said so, and where.")
    ),
    "contacts.Merge": Kind(
        _("Merged people"), _("Which contacts were made one person, by whom and when, so that it can be undone.")
    ),
    "contacts.Likeness": Kind(_("Possible doubles"), _("Pairs of contacts that may be one person, until you decide.")),
    "contacts.Suppression": Kind(
        _("Who must not come back"),
        _("A fingerprint of the number of somebody who was forgotten, so that no import brings them back."),
    ),
    "inbox.Block": Kind(_("Blocked people"), _("Whom a number has blocked in WhatsApp, since when, and who did it.")),
    "inbox.Conversation": Kind(
        _("Conversations"), _("Which contact talks on which channel, who looks after it, and its last line.")
    ),
    "inbox.Message": Kind(_("Messages"), _("What was written either way, with when it was sent, delivered and read.")),
    "inbox.Attachment": Kind(
        _("Files"),
        _("Pictures, sounds and papers that came with messages. The files themselves lie sealed on the disk."),
    ),
    "media.Condemned": Kind(
        _("Files to delete"), _("The numbers of files whose message is gone, for a minute at most.")
    ),
    "inbox.Reaction": Kind(_("Reactions"), _("The emoji that people set on messages.")),
    "inbox.Activity": Kind(
        _("What happened in a thread"), _("Who assigned, closed or reopened a conversation, calls and changed numbers.")
    ),
    "inbox.Draft": Kind(_("Drafts"), _("What a member has begun to write and not sent.")),
    "inbox.ScheduledMessage": Kind(
        _("Scheduled messages"), _("What a member wants to be said later, until it is said or taken back.")
    ),
    "inbox.Tally": Kind(
        _("Counts of news"),
        _("How much WhatsApp sent to each number on each day, and what became of it: numbers only."),
    ),
    "inbox.PastSpending": Kind(
        _("What deleted messages cost"),
        _(
            "How many messages of a day had which price, by number, author and country. Nobody who was written to is in it."
        ),
    ),
    "inbox.Gap": Kind(
        _("What could not be shown"), _("What WhatsApp sent and Troth could not read, kept so that nothing is lost.")
    ),
    "inbox.PendingChange": Kind(
        _("News that waits"), _("A tick or an edit that came before its message, until the message comes.")
    ),
    "ingest.Delivery": Kind(
        _("Raw deliveries"), _("What WhatsApp hands over, until it is sorted into messages a moment later.")
    ),
    "workspaces.Workspace": Kind(_("This workspace"), _("Its name, its address here, and who may see full numbers.")),
    "workspaces.Membership": Kind(_("Memberships"), _("Who is in the workspace, in which role, since when.")),
    "workspaces.Invitation": Kind(_("Invitations"), _("The e-mail addresses of people you invited, and by whom.")),
    "workspaces.Team": Kind(_("Teams"), _("The names of your teams.")),
    "workspaces.TeamMember": Kind(_("Places in teams"), _("Who belongs to which team.")),
    "channels.Channel": Kind(
        _("Connected numbers"), _("Your own WhatsApp numbers, with the keys that let Troth speak for them.")
    ),
    "channels.ChannelMember": Kind(_("Who sees a channel"), _("Members to whom a channel is shown.")),
    "channels.ChannelTeam": Kind(_("Teams that see a channel"), _("Teams to whose members a channel is shown.")),
    "channels.ChannelNotice": Kind(
        _("Notices of WhatsApp"), _("What Meta said about your numbers and account: limits, quality, warnings.")
    ),
    "channels.Portfolio": Kind(
        _("Portfolios at Meta"), _("How many people may be written to in a day, as Meta counts for all your numbers.")
    ),
    "channels.BusinessAccount": Kind(
        _("WhatsApp accounts"), _("In which currency Meta bills your account, and whether it was reviewed.")
    ),
    "channels.ChannelHealth": Kind(
        _("Health of numbers"), _("What Meta answered when it was asked last how a number stands.")
    ),
    "channels.PhoneSync": Kind(
        _("Phone apps"), _("How far a number's phone app is with handing over its contacts and old messages.")
    ),
    "channels.Rate": Kind(_("Rates"), _("What Meta charges for messages, as you imported it.")),
    "channels.MessageTemplate": Kind(_("Templates"), _("Texts that Meta has approved for you.")),
    "accounts.User": Kind(
        _("Accounts of members"), _("Name, e-mail address, phone if given, password as a one-way hash, preferences.")
    ),
    "accounts.Session": Kind(
        _("Signed-in browsers"), _("Where somebody is signed in: the browser's name, its address, when it was used.")
    ),
    "account.EmailAddress": Kind(
        _("Sign-in addresses"), _("The e-mail addresses of a person, and whether they are proven.")
    ),
    "account.EmailConfirmation": Kind(_("Address checks"), _("Always empty: codes are kept in the sealed session.")),
    "mfa.Authenticator": Kind(
        _("Second factors"), _("Passkeys, the authenticator app and recovery codes of a person.")
    ),
    "accounts.QueuedMail": Kind(_("Mails on their way"), _("A mail until it is handed over; then only that it was.")),
    "accounts.MailChoice": Kind(_("Mail choices"), _("Which kinds of mail a person has switched off.")),
    "audit.Entry": Kind(
        _("Who did what"), _("Each thing done or looked at, by whom and when, in a chain that nobody can change.")
    ),
    "accounts.CacheEntry": Kind(
        _("Counted attempts"), _("How often somebody tried to sign in, under a fingerprint, to slow guessing down.")
    ),
    "channels.TemplateSync": Kind(
        _("Looks at templates"), _("When your templates were last read from WhatsApp, and how many there were.")
    ),
    "channels.DueAlert": Kind(
        _("Alerts about to be mailed"), _("What Meta has changed, until a mail to owners and admins has said so.")
    ),
    "channels.SendingStop": Kind(
        _("Stops of sending"),
        _("That the operator stopped sending from this workspace, when and why. It lets nobody read anything."),
    ),
    "privacy.Case": Kind(
        _("Requests of people"), _("What somebody asked about their data, the answer, and when each was due.")
    ),
    "privacy.CaseNote": Kind(_("Notes on requests"), _("What members wrote down while answering a request.")),
    "privacy.OperatorCase": Kind(
        _("Requests to the operator"),
        _("What somebody asked the operator about their data, and to whom it was passed on."),
    ),
    "privacy.Intake": Kind(_("Ways in for requests"), _("Whether a request may be answered in WhatsApp by itself.")),
    "privacy.Export": Kind(_("Exports"), _("Which copies were made, by whom and when, and whether they were fetched.")),
    "privacy.PersonalExport": Kind(
        _("Copies of your data"), _("Which copies a person asked for, and how far each is.")
    ),
    "privacy.DataImport": Kind(_("Imports"), _("Which copies were taken back in, and what could not be.")),
    "privacy.Erasure": Kind(
        _("What was forgotten"), _("That somebody was forgotten, when, and how much of what: no names.")
    ),
    "privacy.Hold": Kind(_("Legal holds"), _("What the law keeps from being deleted, on what ground, until when.")),
    "privacy.HeldRecord": Kind(_("What is held"), _("Which records a legal hold names, by their ids.")),
    "privacy.RetentionRule": Kind(_("How long messages stay"), _("What you chose: for good, or so many days.")),
    "privacy.PolicyNotice": Kind(
        _("Notices of a new policy"), _("When owners were told of a new policy, and how many.")
    ),
    "privacy.ProbeResult": Kind(_("Looks at the promises"), _("Whether each promise held when it was last looked at.")),
    "privacy.MetaRequest": Kind(
        _("Requests by way of Meta"),
        _("That Meta passed on a wish to delete, under a fingerprint that leads to nobody."),
    ),
    "privacy.UsageCount": Kind(
        _("Usage figures"), _("How often a part of the product was used on a day. Not by whom.")
    ),
    "privacy.UsageOptOut": Kind(
        _("Switch of the figures"), _("That figures are switched off, since when and by whom.")
    ),
    "support.HelpRequest": Kind(_("Requests for help"), _("Who asked for help with what, and when it was answered.")),
    "support.HelpMessage": Kind(_("What was said about help"), _("What you and the staff wrote to each other.")),
    "support.Grant": Kind(
        _("What staff may see"), _("What you let staff look at, from when until when, and who ended it.")
    ),
    "support.SupportChoice": Kind(_("How help works here"), _("Whether staff must ask first.")),
    "support.AnchorMail": Kind(_("Proof of the log by mail"), _("Which owners get the daily proof of the access log.")),
    "support.StaffMember": Kind(_("Staff"), _("Who is staff of the operator, in which role, since when.")),
    "support.BreakGlass": Kind(
        _("Emergency looks"), _("When two people of the staff looked without being asked, why, and that you were told.")
    ),
    "support.LegalDisclosure": Kind(
        _("Disclosures"),
        _("What an authority asked for, on what ground, and what was given. You are told when the law allows."),
    ),
    "support.OperatorHold": Kind(
        _("The operator's holds"),
        _(
            "What a law binds the operator to keep from being deleted, on what ground. You are told when the law allows."
        ),
    ),
    "support.Breach": Kind(_("Breaches"), _("What went wrong, when it was found, and who was told when.")),
    "auth.Permission": _MACHINERY,
    "auth.Group": _MACHINERY,
    "auth.Group_permissions": _MACHINERY,
    "contenttypes.ContentType": _MACHINERY,
    "procrastinate.ProcrastinateJob": _MACHINERY,
    "procrastinate.ProcrastinateEvent": _MACHINERY,
    "procrastinate.ProcrastinatePeriodicDefer": _MACHINERY,
    "procrastinate.ProcrastinateWorker": _MACHINERY,
}

# What a field holds, by its name; "app.Model.field" where the name alone would say the wrong thing.
FIELDS: dict[str, Words] = {
    "address": _("an address to answer to"),
    "advice": _("what to do"),
    "authority": _("the authority"),
    "bar_basis": _("why it must not be told yet"),
    "basis": _("the legal ground"),
    "code_hash": _("a fingerprint of a code"),
    "count": _("a count"),
    "day": _("a day"),
    "event": _("the name of a use"),
    "extension_reason": _("why an answer takes longer"),
    "gag_basis": _("why it must not be told yet"),
    "lessons": _("what was learned"),
    "link_hash": _("a fingerprint of a link's secret"),
    "on": _("whether it is switched on"),
    "problems": _("what could not be taken in"),
    "reason": _("the reason"),
    "reference": _("a reference"),
    "refusal": _("why it was refused"),
    "source_hash": _("a fingerprint of where it came from"),
    "summary": _("what happened"),
    "words": _("somebody's own words"),
    "app_secret": _("the app's secret"),
    "app_secret_hash": _("a fingerprint of the app's secret"),
    "body": _("the delivery itself"),
    "body_hash": _("a fingerprint of the delivery"),
    "checks": _("what each step of connecting found"),
    "components": _("the text of a template"),
    "country": _("the country of the recipient's number"),
    "parts": _("what Meta said of a number's parts, and why"),
    "content": _("words, captions, files' names, places, cards"),
    "data": _("keys of second factors"),
    "detail": _("details"),
    "inbox.PendingChange.detail": _("what the news says"),
    "channels.ChannelNotice.detail": _("what the notice says"),
    "display_number": _("your own number"),
    "email": _("an e-mail address"),
    "emoji": _("the emoji"),
    "external_hash": _("a fingerprint of WhatsApp's id of the message"),
    "external_id": _("WhatsApp's id of the message"),
    "ip": _("the browser's address"),
    "key": _("a code, never written"),
    "language": _("which language"),
    "last_login": _("when somebody last signed in"),
    "message": _("the whole mail"),
    "name": _("a name that somebody gave"),
    "name_tokens": _("fingerprints of the words of a name, to search by"),
    "password": _("the password, as a one-way hash"),
    "phone": _("a phone number"),
    "preview": _("the last line"),
    "previous_app_secret": _("the app's secret before"),
    "previous_app_secret_hash": _("a fingerprint of the app's secret before"),
    "profile_name": _("name at WhatsApp"),
    "quote_hash": _("a fingerprint of the quoted message's id"),
    "quote_id": _("WhatsApp's id of the quoted message"),
    "raw": _("what WhatsApp sent"),
    "security_hash": _("what WhatsApp says of the person's security code"),
    "session_data": _("what a session remembers"),
    "session_key": _("a one-way hash of the session's key"),
    "single_keys": _("whether single keys are shortcuts"),
    "target_hash": _("a fingerprint of the message's id"),
    "text": _("the text"),
    "theme": _("light or dark"),
    "token": _("WhatsApp's access token"),
    "token_hash": _("a fingerprint of the link's secret"),
    "tokens": _("fingerprints of words, to search by"),
    "user_agent": _("the browser's name"),
    "username": _("username at WhatsApp"),
    "value": _("the number or id"),
    "value_hash": _("a fingerprint of the number or id"),
    "wave": _("how loud a sound is from moment to moment, to draw it"),
    "verify_token": _("the word that proves our address to WhatsApp"),
}

PURPOSES: dict[Purpose, Use] = {
    Purpose.TALK: Use(
        _("Conversations"),
        _("To show your team what was said, to send answers, and to find it again."),
        "message-circle",
    ),
    Purpose.PEOPLE: Use(
        _("People"), _("To know who somebody is, and to keep to what they asked for."), "contact-round"
    ),
    Purpose.TEAM: Use(_("Your team"), _("To let your team work together."), "users"),
    Purpose.CONNECT: Use(_("WhatsApp"), _("To reach WhatsApp with your own numbers."), "smartphone"),
    Purpose.ACCESS: Use(_("Signing in"), _("To let people in, and nobody else."), "key-round"),
    Purpose.SECURITY: Use(_("Security"), _("To keep intruders out, and to show who did and saw what."), "shield-check"),
    Purpose.RIGHTS: Use(
        _("Rights and proof"), _("To answer requests about personal data, and to prove that it was done."), "file-text"
    ),
    Purpose.SUPPORT: Use(_("Help"), _("To help you when you ask for it."), "info"),
    Purpose.NOTICE: Use(_("Mails"), _("To send the mails that people chose or need."), "mail"),
    Purpose.IMPROVE: Use(
        _("Figures"), _("To see which parts are used: counts without people, which you can switch off."), "eye"
    ),
    Purpose.RUN: Use(_("Machinery"), _("To keep the product running."), "settings"),
}

KEEPS: dict[Keep, Words] = {
    Keep.TALK: _("As you chose for messages: for as long as the workspace exists, or for so many days."),
    Keep.PERSON: _("As long as the contact is kept."),
    Keep.ACCOUNT: _("As long as the person has an account."),
    Keep.MEMBERSHIP: _("As long as the person is a member."),
    Keep.WORKSPACE: _("As long as the workspace exists."),
    Keep.SESSION: _("Until the browser is signed out."),
    Keep.DELIVERED: _("The content until it is delivered or sorted, which takes moments."),
    Keep.RECORD: _("As evidence: as long as the workspace exists, or as the law asks."),
    Keep.COUNTS: _("Thirteen months."),
    Keep.MINUTES: _("Until its own end, hours at most."),
    Keep.SYSTEM: _("As long as the machinery needs it; nothing personal stands in it."),
}

SUBJECTS: dict[Subject, Words] = {
    Subject.CONTACT: _("People who write to you"),
    Subject.MEMBER: _("Members"),
    Subject.WORKSPACE: _("The workspace"),
    Subject.NONE: _("Nobody in particular"),
}

SEEN: dict[Seen, Words] = {
    Seen.NOBODY: _("Nobody: no screen shows it."),
    Seen.SELF: _("Only the person whose it is."),
    Seen.CHANNEL: _("Members who may see the channel it came by; owners and admins always."),
    Seen.MEMBERS: _("All members of the workspace."),
    Seen.ADMINS: _("Owners and admins."),
    Seen.OPERATOR: _("Only whoever runs this installation, in its registers."),
}

STAFF: dict[Staff, Words] = {
    Staff.HIDDEN: _("Staff of the operator: never."),
    Staff.TICKED: _("Staff of the operator: only what you tick when you ask for help, and only while you let them."),
    Staff.VISIBLE: _("Staff of the operator: only while you let them help."),
}


def field_words(label: str, name: str) -> Words:
    """Return what a field of a model is called."""
    return FIELDS.get(f"{label}.{name}") or FIELDS.get(name) or name.replace("_", " ")
