"""All that there is to say of each of Meta's error codes: to an agent, to an admin, what happens by itself, what to do.

Pure. The agent's sentence stands in `words.py`; here is what an admin reads. What happens by itself follows from the rule of
the code (`errors.py`), so that the page cannot promise what the send lane does not do. All texts are English, for `gettext`.
Source: Meta, "Cloud API error codes" (read 2026-11-22).
"""

from msgspec import Struct

from troth.channels.cloud.errors import UNKNOWN_FINAL, Rule, rule_for
from troth.channels.cloud.words import OURS, SENDING, _


class Meaning(Struct, frozen=True, kw_only=True):
    """One code, or codes from `first` to `last`, in sentences."""

    first: int
    last: int
    agent: str
    admin: str
    by_itself: str
    advice: str

    @property
    def shown(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}\u2013{self.last}"


# What the code means, by the key of its words.
ADMIN: dict[str, str] = {
    "token": _("Meta does not accept the access token: it has expired, was withdrawn, or belongs to another app."),
    "permission": _(
        "The access token may not do this: a permission is missing, or the account is not assigned to its user."
    ),
    "missing_object": _("Something that was named by its id does not exist any more, or the token does not reach it."),
    "unknown_fault": _("Meta had a fault that it does not explain."),
    "meta_down": _("Meta's service is out of order or overloaded."),
    "maintenance": _("Meta is working on the number, mostly while it is given more speed."),
    "too_fast": _("The number sends and receives more messages a second than Meta allows it."),
    "too_fast_for_one": _("One person got more messages from this number than one every six seconds."),
    "too_many_calls": _("The account's hourly allowance of questions and settings at Meta is used up."),
    "undeliverable": _("The message could not be delivered, and Meta keeps the reason to itself."),
    "we_blocked_them": _("This number has blocked the recipient on WhatsApp."),
    "opted_out": _("The recipient stopped marketing messages from this business in WhatsApp."),
    "not_now": _("Meta held the message back to spare the recipient: too many marketing messages from businesses."),
    "experiment": _("The recipient belongs to a group to which Meta delivers no marketing, to measure its effect."),
    "country": _("Meta does not let this business write to people in the recipient's country."),
    "needs_phone": _("This kind of message cannot go to a user id; it needs a phone number."),
    "identity": _("The recipient's security code is not the one that was confirmed."),
    "to_ourselves": _("The recipient is the sending number itself."),
    "test_number": _("This is a test number of Meta's, and the recipient is not on its list."),
    "window_closed": _("More than 24 hours have passed since the customer last wrote, so only templates may be sent."),
    "policy_block": _("Meta has blocked the account for a time because it broke a policy."),
    "account_locked": _("Meta has locked or disabled the account, or something that was sent does not match it."),
    "display_name": _("The number has no approved display name."),
    "payment": _("Meta cannot charge the account: no valid payment method, no credit, or no currency or time zone."),
    "payment_terms": _("The terms of WhatsApp's payments were not accepted."),
    "registration": _("The number's certificate or registration is not in order."),
    "unregistered": _("The number is not registered with WhatsApp's business platform."),
    "spam_limit": _("Too many people blocked or reported this number."),
    "misclassified": _("Meta limits the account since templates were filed under a wrong category."),
    "bad_request": _("The request had a part that Meta does not know, or lacked one: a fault of Troth's."),
    "bad_value": _(
        "A value was not accepted, often since the message that it refers to is unknown or over 30 days old."
    ),
    "unsupported_type": _("Meta does not support this type of message."),
    "media_link": _("Meta could not fetch the file from the address that it was given."),
    "media_in": _("A file that a customer sent could not be handed over by Meta."),
    "media_out": _("The file was not accepted: its type, its size or its contents do not fit."),
    "see_phone": _("The message can only be seen in the phone app, such as one that is to be viewed once."),
    "marketing_only": _(
        "The template can only be sent through Meta's marketing service, or that service is not open to you."
    ),
    "template_values": _("The values do not fit the template: too many, too few, or of a wrong form."),
    "template_missing": _("The template does not exist in this language, or is not approved."),
    "template_too_long": _("With its values filled in the template is longer than Meta allows."),
    "template_policy": _("The template's content breaks one of Meta's policies."),
    "template_paused": _("Meta has paused the template because of low quality."),
    "template_disabled": _("Meta has disabled the template after it was paused too often."),
    "template_syncing": _("The template is new to Meta's marketing service and not ready there yet."),
    "template_count": _("The account has as many templates as Meta allows."),
    "template_name": _("A template of this name and language exists, or was deleted in the last 30 days."),
    "template_text": _("A part of the template's text has a form that Meta does not allow."),
    "form_blocked": _("The form in the message is blocked by Meta."),
    "form_throttled": _("The form is slowed down to ten messages an hour, since its service answers badly."),
    "form_change": _("The form could not be changed, published or deleted."),
    "group": _("The group does not exist, has changed, or its limits are reached."),
    "group_partly": _("Only a part of a change of the group was made."),
    "group_suspended": _("Meta has suspended the group."),
    "group_too_fast": _("Too many changes of groups in a short time."),
    "group_picture": _("The group's picture is not square or too small."),
    "groups_off": _("The number may not use groups, or not at the moment."),
    "call": _("The call could not be made: calls are off, a permission is missing, or a limit is reached."),
    "block_partly": _("Some people were blocked or unblocked and others were not."),
    "block_list_full": _("The list of blocked people holds as many as Meta allows."),
    "block_list_busy": _("The list of blocked people was being changed at the same time."),
    "username": _("The user name is taken, or the account may not have one yet."),
    "insights": _("Meta gives no figures for the account's templates, or they are not switched on."),
    "number_change": _(
        "Meta does not allow this step with the number: it belongs to somebody else, or is being moved."
    ),
    "unverified_number": _("The number was not verified with a code."),
    "pin": _("The two-step PIN was not the right one."),
    "pin_later": _("The two-step PIN was entered wrongly too often or too quickly."),
    "registration_busy": _("The number was removed or registered a moment ago and Meta is not done."),
    "registered_too_often": _("The number was registered or removed more than ten times in three days."),
    "take_over": _("Only the responder to which Meta gave that right may take a conversation over."),
    "sync_once": _("The phone app's contacts and messages can be asked for once, within 24 hours."),
    "history_declined": _("Whoever owns the phone app did not agree to share its messages."),
}
# Where one key's codes differ in what an admin has to know.
ADMIN_BY_CODE: dict[int, str] = {
    0: _("Meta could not tell who is asking: the access token is over, or the person behind it changed a setting."),
    104: _("The request came without an access token."),
    190: _("The access token has expired or was withdrawn, for instance since a password was changed."),
    131020: _("The group has a single member, or is not one that can be written to."),
    131041: _("The group is unknown, or this number is not in it."),
    131044: _("Meta cannot charge the account for calls."),
    131060: _("The message is only in the phone app: it was sent to a linked device, or is to be viewed once."),
    131202: _("The same person stands twice in the list of participants."),
    131204: _("The group would have more than eight participants."),
    131211: _("The number has as many groups as Meta allows."),
    131212: _("The person is not in the group."),
    131213: _("The request to join the group is not there any more."),
    131214: _("Groups are switched off for the number for seven days: too much marketing in answers."),
    147003: _("The user name has to be linked to a Facebook page first."),
    147004: _("The user name has to be linked to an Instagram account first."),
    147005: _("The user name is used by another number of your portfolio."),
}


ADVICE: dict[str, str] = {
    "nothing": _("Nothing. It passes."),
    "token": _("Make a new system user token in Meta's business settings and enter it on the number's page."),
    "permission": _(
        "Grant both WhatsApp permissions and assign the account to the system user, then check the number again."
    ),
    "ids": _("Check the number again on its page. If it was removed at Meta, connect it anew."),
    "again_later": _("If it stays for an hour, look at Meta's status page, then send the message again."),
    "slower": _("Send less at once. A number with good quality gets more speed from Meta by itself."),
    "other_way": _("Reach the person another way. If many numbers fail, check how they were collected."),
    "unblock": _("Unblock the person if you want to write to them."),
    "respect": _("Send this person no marketing. You may answer when they write."),
    "tomorrow": _("Wait a day at least before you try again, and send this person fewer marketing messages."),
    "wait_for_them": _("Wait until the person writes first."),
    "take_out": _("Take people of this country out of your lists."),
    "ask_number": _("Ask the person for their phone number, or send something else."),
    "confirm": _("Make sure that it is still the same person, then send again."),
    "own_number": _("Choose another recipient."),
    "test_list": _("Add the person to the list in Meta's app settings, or connect a real number."),
    "template": _("Send an approved template, or wait until the customer writes."),
    "manager": _("Open WhatsApp Manager: it says why and until when, and lets you ask for a review."),
    "pay": _("Settle the payment method, the currency and the time zone in Meta's billing settings."),
    "name": _("Ask for a display name in WhatsApp Manager and wait for its approval."),
    "register": _("Register the number again in WhatsApp Manager, then check it on its page."),
    "consent": _("Write only to people who asked for it, and make it easy to stop."),
    "categories": _("Review the templates' categories in WhatsApp Manager."),
    "report": _("Report it to whoever runs this installation, with the code and the time."),
    "answer_new": _("Send it without referring to the old message."),
    "other_kind": _("Send it as another kind of message."),
    "file": _("Convert the file to a usual format, make it smaller if need be, and send it again."),
    "ask_again": _("Ask the customer to send it again, smaller or another way."),
    "phone": _("Look at the phone app."),
    "marketing": _("Switch on Meta's marketing service for the account, or choose another template."),
    "values": _("Check the template's values: none left out, no line breaks."),
    "template_list": _("Look at the template's status on the number's page and choose an approved one."),
    "shorten": _("Shorten the values."),
    "edit_template": _("Change the template as Meta's rules ask and submit it again."),
    "new_template": _("Make a new template, or use another one."),
    "fewer_templates": _("Delete templates that you no longer use."),
    "other_name": _("Choose another name."),
    "form": _("Mend the form in WhatsApp Manager."),
    "group": _("Look at the group's members and settings, then try again."),
    "picture": _("Choose a square picture of at least 192 pixels."),
    "calls": _("Check the settings of calls at Meta, and whether the person allowed calls."),
    "see_list": _("Look at the list of blocked people and do the rest again."),
    "insights": _("Switch the figures on in WhatsApp Manager, if you need them."),
    "verify": _("Verify the number in WhatsApp Manager, then connect it again."),
    "pin": _("Enter the right PIN, or set a new one in WhatsApp Manager."),
    "wait_pin": _("Wait as long as Meta says before the next try."),
    "five_minutes": _("Wait five minutes, then try again."),
    "three_days": _("Wait three days before it is registered again."),
    "reconnect": _("Connect the number anew from the phone app, and do so within a day."),
}
_ADVICE_OF: dict[str, str] = {
    "token": "token", "permission": "permission", "missing_object": "ids", "unknown_fault": "again_later",
    "meta_down": "again_later", "maintenance": "nothing", "too_fast": "slower", "too_fast_for_one": "nothing",
    "too_many_calls": "nothing", "undeliverable": "other_way", "we_blocked_them": "unblock", "opted_out": "respect",
    "not_now": "tomorrow", "experiment": "wait_for_them", "country": "take_out", "needs_phone": "ask_number",
    "identity": "confirm", "to_ourselves": "own_number", "test_number": "test_list", "window_closed": "template",
    "policy_block": "manager", "account_locked": "manager", "display_name": "name", "payment": "pay",
    "payment_terms": "manager", "registration": "register", "unregistered": "register", "spam_limit": "consent",
    "misclassified": "categories", "bad_request": "report", "bad_value": "answer_new", "unsupported_type": "other_kind",
    "media_link": "file", "media_in": "ask_again", "media_out": "file", "see_phone": "phone",
    "marketing_only": "marketing", "template_values": "values", "template_missing": "template_list",
    "template_too_long": "shorten", "template_policy": "edit_template", "template_paused": "new_template",
    "template_disabled": "new_template", "template_syncing": "nothing", "template_count": "fewer_templates",
    "template_name": "other_name", "template_text": "edit_template", "form_blocked": "form", "form_throttled": "form",
    "form_change": "form", "group": "group", "group_partly": "group", "group_suspended": "manager",
    "group_too_fast": "nothing", "group_picture": "picture", "groups_off": "manager", "call": "calls",
    "block_partly": "see_list", "block_list_full": "unblock", "block_list_busy": "nothing", "username": "other_name",
    "insights": "insights", "number_change": "manager", "unverified_number": "verify", "pin": "pin",
    "pin_later": "wait_pin", "registration_busy": "five_minutes", "registered_too_often": "three_days",
    "take_over": "wait_for_them", "sync_once": "reconnect", "history_declined": "nothing", "refused": "report",
}  # fmt: skip

# What happens by itself, by what the rule says.
ITSELF: dict[str, str] = {
    "number_again": _(
        "The number rests for a moment and Troth tries again, ever more slowly. Nothing is lost or sent twice."
    ),
    "account_rests": _(
        "The number rests and its messages wait in order; Troth tries with one message every few minutes."
    ),
    "few_times": _("Troth tries this message again, three times in all. Others go on."),
    "again": _("Troth tries this message again, ever more slowly. Others go on."),
    "pair": _("Only this conversation waits, and Troth tries again after 4, 16, 64 and 256 seconds. Others go on."),
    "new_token": _(
        "The number stops, its messages wait in order, and owners and admins are told. They leave by themselves once a new"
        " token works."
    ),
    "stops": _(
        "The number stops and its messages wait in order; receiving goes on. Troth tries with one message every five minutes,"
        " and all leave when it is taken."
    ),
    "window": _("The message is marked as not sent, and free text is closed until the customer writes."),
    "not_sent": _("The message is marked as not sent, with the reason. Troth does not send it again by itself."),
    "settings": _("Nothing was changed, and no message is held up."),
    "partly": _("What was done stays done."),
    "told": _("It is noted on the number's page."),
    "gap": _("A note stands in the conversation, at the place of the message."),
}
# These come up while settings are read or changed, never while a message is sent.
_OF_SETTINGS = frozenset(
    {
        131059, 131202, 131204, 131208, 131209, 131210, 131211, 131212, 131213, 131214, 131215, 133000, 133005, 133006,
        133008, 133009, 133015, 133016, 139001, 139101, 139102, 139103, 147001, 147002, 147003, 147004, 147005, 200005,
        200006, 200007, 2388001, 2388012, 2388019, 2388023, 2388024, 2388040, 2388047, 2388072, 2388073, 2388091, 2388093,
        2388103, 2388293, 2388299, 2494100, 2494191, 2593107, 2593108, 138000,
    }
)  # fmt: skip
_INCOMING = frozenset({131052, 131060})


def meaning_of(code: int, *, last: int | None = None) -> Meaning:
    """Return the sentences of a code, also of one that nobody knows, and of ours, which are below zero."""
    rule = rule_for(code) or UNKNOWN_FINAL
    agent = OURS.get(code) or SENDING[rule.words]
    return Meaning(
        first=code,
        last=code if last is None else last,
        agent=agent,
        admin=ADMIN_BY_CODE.get(code) or ADMIN.get(rule.words) or agent,
        by_itself=ITSELF[_by_itself(code, rule)],
        advice=ADVICE[_ADVICE_OF[rule.words]],
    )


def sentences() -> list[str]:
    """Return every sentence of the table once, in its order: what each language has to have."""
    every = [*SENDING.values(), *ADMIN.values(), *ADMIN_BY_CODE.values(), *ITSELF.values(), *ADVICE.values()]
    return list(dict.fromkeys(every))


def _by_itself(code: int, rule: Rule) -> str:
    if code in _INCOMING:
        return "gap"
    if rule.kind == "PARTIAL":
        return "partly"
    if rule.kind == "INFO":
        return "told"
    if code in _OF_SETTINGS:
        return "settings"
    if rule.kind == "WINDOW":
        return "window"
    return _of_sending(rule)


def _of_sending(rule: Rule) -> str:
    """Return what the send lane does, which goes by the rule alone (`inbox/send/offer.py`)."""
    if rule.kind == "AUTH":
        return "new_token"
    if rule.scope == "account" and rule.retryable:
        return "account_rests"
    if rule.scope == "account" or (rule.scope == "number" and not rule.retryable):
        return "stops"
    if not rule.retryable:
        return "not_sent"
    if rule.scope == "pair":
        return "pair"
    if rule.scope == "number":
        return "number_again"
    return "few_times" if rule.attempts_max <= 3 else "again"
