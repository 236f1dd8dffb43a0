"""What people read about sending and connecting: what happened, what Troth does about it, what they can do.

The texts are marked for translation and stay English here, also when they are stored: whoever shows one passes it
through `gettext`, so that each reader sees it in their own language.
"""

from troth.channels import contract
from troth.channels.cloud.errors import UNKNOWN_FINAL, rule_for


def _(english: str) -> str:
    """Return the text as it is: the name is what the collector of translations looks for."""
    return english


SENDING: dict[str, str] = {
    # --- about the connection to Meta
    "token": _(
        "WhatsApp no longer accepts this channel's access token. Nothing can be sent from it until an owner or "
        "administrator enters a new token on the channel's page."
    ),
    "permission": _(
        "The channel's access token lacks a permission or the number is not assigned to it. Nothing can be sent until "
        "an owner or administrator grants it in Meta's business settings."
    ),
    "missing_object": _(
        "WhatsApp does not find the number or something that this message refers to. Check the channel's page: the "
        "number may have been removed, or the token may not reach it."
    ),
    "unknown_fault": _(
        "WhatsApp had a fault of its own. Troth tries again by itself a few times; if this stays, send the message "
        "again later."
    ),
    "meta_down": _("WhatsApp is out of order or overloaded at the moment. Troth keeps trying by itself."),
    "maintenance": _("WhatsApp is working on this number for about a minute. Troth tries again by itself."),
    "unreachable": _("WhatsApp could not be reached, and nothing was sent. Troth keeps trying by itself."),
    "file_lost": _("The file of this message is no longer here, so it was not sent. Choose it again."),
    "file_refused": _(
        "This recording could not be turned into a voice message. Record it again, or send it as a file."
    ),
    "uncertain": _(
        "WhatsApp did not answer in time, so this message may or may not have been sent. Troth does not send it twice: "
        "wait a moment for news, or ask the customer before sending it again."
    ),
    "address_refused": _(
        "The address that this channel sends to is not allowed here, and nothing was sent. Ask whoever runs this "
        "installation to check it."
    ),
    "not_arrived": _("You marked this message as not arrived."),
    "not_wanted": _(
        "This message was stopped before it left, because it may not be sent any more: the person asked to be forgotten or left"
        " alone, or this workspace was closed."
    ),
    "refused": _("WhatsApp refused this message. Sending it again unchanged will not help."),
    # --- too much at once
    "too_fast": _("This number is sending as fast as WhatsApp lets it. Troth slows down and tries again by itself."),
    "too_fast_for_one": _(
        "Too many messages went to this person in a short time. Troth waits and tries again by itself; other "
        "conversations go on."
    ),
    "too_many_calls": _("WhatsApp's hourly limit for this account is used up. Troth waits and tries again by itself."),
    # --- about the person
    "undeliverable": _(
        "WhatsApp cannot deliver to this person: the number may not be on WhatsApp, the app may be too old, or new "
        "terms were not accepted. Reach them another way, or try again another day."
    ),
    "we_blocked_them": _("You have blocked this person on WhatsApp. Unblock them first to write to them."),
    "opted_out": _(
        "This person stopped marketing messages from you. Send no more of them; you may still answer when they write."
    ),
    "not_now": _(
        "WhatsApp chose not to deliver this marketing message now, because this person receives many of them. Try at "
        "the earliest tomorrow."
    ),
    "experiment": _(
        "WhatsApp does not deliver marketing messages to this person because of an experiment of Meta's. You can "
        "answer when they write first."
    ),
    "country": _("This business may not write to people in this country."),
    "needs_phone": _(
        "This message can only go to a phone number, and this person's number is not known. Ask them for it, or send "
        "something else."
    ),
    "identity": _(
        "This person's security code has changed. Make sure that it is still them, then send the message again."
    ),
    "to_ourselves": _("A number cannot write to itself."),
    "test_number": _(
        "A test number reaches only the people on its list. Add this person in Meta's app settings, or use a real "
        "number."
    ),
    "window_closed": _(
        "More than 24 hours have passed since this person last wrote. WhatsApp only takes an approved template now, "
        "until they write again."
    ),
    # --- about the account
    "policy_block": _(
        "Meta has blocked this account for a while because of its policies. See WhatsApp Manager for the reason and "
        "the end of it."
    ),
    "account_locked": _("Meta has locked or disabled this account. See WhatsApp Manager for what to do."),
    "display_name": _("This number needs an approved display name before it can send. Ask for it in WhatsApp Manager."),
    "payment": _(
        "Meta has a problem with this account's payment method. Receiving goes on; to send, an administrator has to "
        "settle it in Meta's billing settings."
    ),
    "payment_terms": _("The terms of WhatsApp's payments have not been accepted. An administrator can do so at Meta."),
    "registration": _(
        "This number is not registered properly with WhatsApp. An administrator has to register it again."
    ),
    "unregistered": _("This number is not registered with WhatsApp's business platform. Connect it again first."),
    "spam_limit": _(
        "WhatsApp has slowed this number down because people blocked or reported it. Send less, and only what people "
        "asked for."
    ),
    "misclassified": _(
        "WhatsApp limits this account because templates were filed under the wrong category. Review the templates' "
        "categories."
    ),
    # --- about the message
    "bad_request": _("WhatsApp did not understand this message. Please report it: this is a fault on our side."),
    "bad_value": _(
        "WhatsApp did not accept a part of this message. If it answers or reacts to another message, that one may be "
        "unknown or too old."
    ),
    "unsupported_type": _("WhatsApp does not support this kind of message."),
    "media_link": _("WhatsApp could not fetch the file from its address. Send the file itself instead."),
    "media_in": _("WhatsApp could not hand over the file: it may be larger than 100 MB. Ask for a smaller one."),
    "media_out": _(
        "WhatsApp did not accept the file. Its format, its size or what it says of itself may be wrong: convert it and "
        "send it again."
    ),
    "see_phone": _("This message is only to be seen in the phone app."),
    "marketing_only": _("This account takes such templates only through WhatsApp's marketing service."),
    # --- templates and forms
    "template_values": _("The values do not fit the template. Check each of them: no line breaks, none left out."),
    "template_missing": _("This template does not exist in this language, or is not approved yet."),
    "template_too_long": _("With these values the template becomes too long. Shorten them."),
    "template_policy": _("This template's content breaks WhatsApp's rules. Edit it and have it reviewed again."),
    "template_paused": _(
        "WhatsApp has paused this template, because people did not like it. Choose another one, or wait until it is "
        "active again."
    ),
    "template_disabled": _("WhatsApp has switched this template off for good. Make a new one."),
    "template_syncing": _("This template is new and will be ready in about ten minutes. Send it again then."),
    "template_count": _("This account has as many templates as it may have. Delete some first."),
    "template_name": _("A template of this name and language exists or was deleted lately. Choose another name."),
    "template_text": _("A part of this template's text breaks WhatsApp's rules for templates. Edit it."),
    "form_blocked": _("WhatsApp has blocked this form. Mend it in WhatsApp Manager."),
    "form_throttled": _("WhatsApp has slowed this form down to ten an hour. Try again in an hour."),
    "form_change": _("WhatsApp did not take the change of this form."),
    # --- groups
    "group": _("The group does not exist, has changed, or does not allow this."),
    "group_partly": _("Only a part of the change of the group was made. Look at its members."),
    "group_suspended": _("WhatsApp has suspended this group."),
    "group_too_fast": _("Too many changes of groups in a short time. Troth waits and tries again by itself."),
    "group_picture": _("The group's picture must be square and at least 192 pixels wide."),
    "groups_off": _("This number may not use groups at the moment."),
    # --- calls, blocking, names, numbers
    "call": _("The call could not be made."),
    "block_partly": _("Some of these people could not be blocked or unblocked."),
    "block_list_full": _("The list of blocked people is full. Unblock some first."),
    "block_list_busy": _("The list of blocked people is being changed elsewhere. Troth tries again by itself."),
    "username": _("This name cannot be used for the number. Choose another one."),
    "insights": _("WhatsApp does not give figures for this account's templates."),
    "number_change": _("WhatsApp does not allow this change of the number. See WhatsApp Manager."),
    "unverified_number": _("This number has to be verified first."),
    "pin": _("The two-step verification PIN is wrong."),
    "pin_later": _("The PIN was entered too often. Wait before the next try."),
    "registration_busy": _("The number was removed a moment ago. Wait five minutes."),
    "registered_too_often": _("This number was registered too often. It can be registered again in three days."),
    "take_over": _("This number may not take the conversation over from another responder."),
    "sync_once": _(
        "The phone app's data can be fetched only once, within a day of connecting. Connect the number anew."
    ),
    "history_declined": _("The phone app's owner chose not to share old messages."),
}

REFUSALS: dict[str, str] = {
    "unsupported_kind": _("This kind of message cannot be sent by WhatsApp."),
    "recipient": _("This message has no recipient that WhatsApp can reach."),
    "empty": _("There is nothing to send."),
    "too_long": _("This is too long: WhatsApp takes at most %(limit)s characters here."),
    "too_many": _("This is too much: WhatsApp takes at most %(limit)s here."),
    "too_few": _("This is not enough: WhatsApp needs at least %(limit)s here."),
    "not_unique": _("Two of the choices are the same."),
    "cards_differ": _(
        "The cards differ: WhatsApp wants pictures or videos on all of them, and as many buttons on each."
    ),
    "reference": _(
        "The reference of an order may hold letters from A to Z, digits, dots, dashes and underscores only."
    ),
    "no_caption": _("WhatsApp shows no text with this kind of file. Send the text as a message of its own."),
    "no_file": _("The file is missing."),
    "link": _("The link has to begin with https:// or http://."),
    "place": _("The place's coordinates are missing or wrong."),
    "incomplete": _("A part of this message is missing."),
    "line_breaks": _("A template's values may not hold line breaks, tabs or more than four spaces in a row."),
    "groups_only": _("This can only be done in a group."),
}

CHECKS: dict[str, str] = {
    "ok": _("All is well."),
    # --- failures of any step
    "unreachable": _("Meta could not be reached. Check this server's connection to the internet, then try again."),
    "no_answer": _("Meta did not answer in time. Try again in a moment."),
    "address_refused": _("The address of the Graph API is not allowed here. Ask whoever runs this installation."),
    "unreadable": _("The answer was not one of Meta's. Something between this server and Meta answers in its place."),
    "meta_down": _("Meta has a fault of its own at the moment. Try again in a few minutes."),
    "throttled": _("Meta's hourly limit for this account is used up. Try again later."),
    "graph_error": _("Meta refused this step."),
    # --- the token
    "token_invalid": _("This access token is not valid. Copy it again, whole, from Meta's business settings."),
    "token_expired": _("This access token has expired. Make a system user token that never expires."),
    "token_expires": _(
        "This token works, but it will expire. A system user token without an end saves you the outage."
    ),
    "scopes_missing": _(
        "The token lacks a permission. Make one with whatsapp_business_messaging and whatsapp_business_management."
    ),
    "no_permission": _(
        "The token does not reach this account. In Meta's business settings, assign the app and the WhatsApp account "
        "to the system user."
    ),
    # --- the secret
    "secret_wrong": _(
        "This is not the secret of the app that the token belongs to. Copy it from the app's basic settings."
    ),
    # --- the number
    "account_missing": _("There is no such WhatsApp Business account, or the token does not reach it."),
    "number_missing": _("This account has no such number. Check both ids: they are long numbers, not phone numbers."),
    "number_not_connected": _("The number belongs to this account, but it is not connected to the platform yet."),
    # --- the subscription
    "not_subscribed": _("The app does not listen to this account yet, so no messages will arrive."),
    "other_callback": _(
        "The app sends this account's news to another address. Connecting here would take it away there."
    ),
    "no_override": _("The app listens to this account, but the news goes to the address in the app's own settings."),
    "callback_too_long": _("The callback address is longer than the 200 characters that Meta takes."),
    "callback_unreachable": _(
        "Meta could not open the callback address. It has to be reachable from the internet by https with a valid "
        "certificate."
    ),
}


BLOCKS: dict[str, str] = {
    "partly": _(
        "WhatsApp did not take this. It blocks only people who wrote to this number within the last 24 hours, and "
        "unblocks only those who are blocked."
    ),
    "block_list_full": _("This number has blocked as many people as WhatsApp allows. Unblock somebody first."),
    "no_answer": _(
        "WhatsApp did not answer in time. Look at the number's block list to see what holds, then try again."
    ),
    "no_permission": _("This number's access token may not block people. Replace it, then try again."),
}


OURS: dict[int, str] = {
    contract.UNADDRESSED: REFUSALS["recipient"],
    contract.NOT_SUPPORTED: REFUSALS["unsupported_kind"],
    contract.UNREACHED: SENDING["unreachable"],
    contract.ADDRESS_REFUSED: SENDING["address_refused"],
    contract.NO_REASON: SENDING["refused"],
    contract.NO_ANSWER: SENDING["uncertain"],
    contract.NOT_ARRIVED: SENDING["not_arrived"],
    contract.NOT_WANTED: SENDING["not_wanted"],
    contract.FILE_LOST: SENDING["file_lost"],
    contract.FILE_REFUSED: SENDING["file_refused"],
}


def text_for_code(code: int, *, subcode: int | None = None) -> str:
    """Return the English text of an error code, for `gettext`; an unknown code gets a general one."""
    if code in OURS:
        return OURS[code]
    return SENDING[(rule_for(code, subcode=subcode) or UNKNOWN_FINAL).words]
