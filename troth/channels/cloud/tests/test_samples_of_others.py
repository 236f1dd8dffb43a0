"""Every sample body that others wrote gives what we say here that it gives."""

import json
import re
from pathlib import Path

import pytest

from troth.channels.cloud.signature import verify
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference
from troth.channels.cloud.wire import parse
from troth.channels.contract import (
    CallChanged,
    ChannelChanged,
    Event,
    Forged,
    HistoryChunk,
    IdentityChanged,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    PreferenceChanged,
    ReactionChanged,
    StatusChanged,
    TemplateChanged,
    Unrecognised,
)

PAYLOADS = REFERENCE / "payloads"
VECTORS = "_signature_vectors"

# A sample's name, without the mark at its end, and what it says. Those that still hold placeholders for a person
# ("<WA_ID>", "PHONE_NUMBER") name nobody: no number is guessed from them.
EXPECTED: dict[str, list[str]] = {
    "constructed_2026/account_offboarded": ["ChannelChanged account ACCOUNT_OFFBOARDED"],
    "constructed_2026/app_state_contact_remove": ["IdentityChanged address_book removed"],
    "constructed_2026/capability_int": ["ChannelChanged capability 2000"],
    "constructed_2026/empty_entry": ["Unrecognised empty"],
    "constructed_2026/handover_control_taken": ["ChannelChanged handover control_taken escalation"],
    "constructed_2026/history_declined": ["HistoryChunk 0 0 2593109"],
    "constructed_2026/in_contacts_phone_request_answer": ["MessageReceived contacts"],
    "constructed_2026/in_group_text": ["MessageReceived text group"],
    "constructed_2026/in_media_too_big": ["MessageReceived video 131052"],
    "constructed_2026/in_quoted_reply_forwarded": ["MessageReceived text quote"],
    "constructed_2026/in_reaction_removed_empty_emoji": ["ReactionChanged removed"],
    "constructed_2026/in_template_button_no_context": ["MessageReceived button"],
    "constructed_2026/in_text_legacy_no_user_id": ["MessageReceived text"],
    "constructed_2026/in_text_phone_and_bsuid": ["MessageReceived text"],
    "constructed_2026/in_unsupported_edit": ["MessageReceived unsupported edit 131051"],
    "constructed_2026/not_whatsapp_object": ["Unrecognised foreign_object"],
    "constructed_2026/prefs_resume": ["PreferenceChanged resume"],
    "constructed_2026/smb_echo_edit": ["MessageEdited text ours"],
    "constructed_2026/smb_echo_text": ["MessageEchoed text"],
    "constructed_2026/status_delivered_fep_with_conversation": ["StatusChanged delivered priced"],
    "constructed_2026/status_delivered_service_paid": ["StatusChanged delivered priced"],
    "constructed_2026/status_failed_131049": ["StatusChanged failed 131049 our-id"],
    "constructed_2026/status_group_delivered": ["StatusChanged delivered priced group"],
    "constructed_2026/status_read_bsuid_only": ["StatusChanged read bsuid-only"],
    "constructed_2026/status_sent_no_pricing": ["StatusChanged sent"],
    "constructed_2026/status_unknown_future": ["StatusChanged teleported"],
    "constructed_2026/system_user_changed_number": ["IdentityChanged number"],
    "constructed_2026/template_category_done": ["TemplateChanged category MARKETING"],
    "constructed_2026/template_deleted_reason_null": ["TemplateChanged status PENDING_DELETION"],
    "constructed_2026/template_rejected": ["TemplateChanged status REJECTED INVALID_FORMAT"],
    "constructed_2026/username_update": ["ChannelChanged username approved"],
    "constructed_2026/value_messages_and_statuses_together": ["MessageReceived text", "StatusChanged read"],
    "facebook_openapi/group_lifecycle_update__Group-Create-Message": ["ChannelChanged group group_create"],
    "facebook_openapi/group_participants_update__Group-Remove-Participants": ["ChannelChanged group group_create"],
    "facebook_openapi/group_settings_update__Group-Settings-Update": ["ChannelChanged group group_settings_update"],
    "facebook_openapi/messages.button__Button-Message": ["MessageReceived button quote"],
    "facebook_openapi/messages.contacts__Contact-Sharing-Message": ["MessageReceived contacts"],
    "facebook_openapi/messages.image__Image-Message": ["MessageReceived image"],
    "facebook_openapi/messages.interactive-button_reply__Interactive-Button-Reply-Message": [
        "MessageReceived interactive button_reply quote"
    ],
    "facebook_openapi/messages.interactive-list_reply__Interactive-List-Reply-Message": [
        "MessageReceived interactive list_reply quote"
    ],
    "facebook_openapi/messages.location__Location-Message": ["MessageReceived location"],
    "facebook_openapi/messages.order__Order-Message": ["MessageReceived order"],
    "facebook_openapi/messages.reaction__Reaction-Message": ["ReactionChanged 👍"],
    "facebook_openapi/messages.system-user_changed_number__System-Message": ["IdentityChanged number"],
    "facebook_openapi/messages.text__Text-Message-from-Click-to-WhatsApp-Ad": ["MessageReceived text referral"],
    "facebook_openapi/messages.text__Text-Message-with-Context-Product-Inquiry": ["MessageReceived text quote product"],
    "facebook_openapi/messages.text__Text-Message": ["MessageReceived text"],
    "facebook_openapi/messages.unsupported__Unsupported-Message": ["MessageReceived unsupported 131051"],
    "postman_official/_shape/messages.image__Received-Media-Message-with-Image": ["Unrecognised no_person"],
    "postman_official/_shape/messages.notype__Received-Contact-Messages": ["Unrecognised no_person"],
    "postman_official/_shape/messages.notype__Received-Static-Location-Messages": ["Unrecognised no_person"],
    "postman_official/_shape/messages.reaction__Received-Message-with-Reaction": ["Unrecognised no_person"],
    "postman_official/_shape/messages.status-_captured_failed_pending___Status-Transaction-Status---Order-Details-Message": [
        "ChannelChanged order_payment <captured | failed | pending>"
    ],
    "postman_official/_shape/messages.status-delivered__Status-Message-Delivered---Business-Delivered-from-User": [
        "StatusChanged delivered priced"
    ],
    "postman_official/_shape/messages.status-delivered__Status-Message-Delivered---User-Initiated": [
        "StatusChanged delivered priced"
    ],
    "postman_official/_shape/messages.status-failed__Status-Message-Failed": ["StatusChanged failed 131014"],
    "postman_official/_shape/messages.status-sent__Status-Message-Delivered---Business-from-User-Initiated": [
        "StatusChanged sent priced"
    ],
    "postman_official/_shape/messages.status-sent__Status-Message-Sent---Business-Initiated": [
        "StatusChanged sent priced"
    ],
    "postman_official/_shape/messages.status-sent__Status-Message-Sent---Business-Reply-to-User": [
        "StatusChanged sent priced"
    ],
    "postman_official/_shape/messages.status-sent__Status-Message-Sent---User-Initiated": ["StatusChanged sent priced"],
    "postman_official/_shape/messages.sticker__Received-Media-Message-with-Sticker": ["Unrecognised no_person"],
    "postman_official/_shape/messages.text__Received-Message-Triggered-by-Click-to-WhatsApp-Ads": [
        "Unrecognised no_person"
    ],
    "postman_official/_shape/messages.text__Received-Text-Message-with-Show-Security-Notifications": [
        "Unrecognised no_person"
    ],
    "postman_official/_shape/messages.unsupported__Status-Message-Deleted": ["Unrecognised no_person"],
    "postman_official/messages.button__Received-Callback-from-a-Quick-Reply-Button-Click": [
        "MessageReceived button quote"
    ],
    "postman_official/messages.order__Received-Order-Messages": ["MessageReceived order quote"],
    "postman_official/messages.status-sent__Message-Status-Update-Notifications": ["StatusChanged sent"],
    "postman_official/messages.text__Received-Product-Enquiry-Message": ["Unrecognised no_person"],
    "postman_official/messages.text__Received-Text-Message": ["MessageReceived text"],
    "postman_official/messages.unknown__Received-Unknown-Messages": ["MessageReceived unsupported 130501"],
    "pywa/_shape/messages.revoke__deleted_message-revoke": ["MessageRevoked"],
    "pywa/_shape/messages.status-read__message_status-group": ["StatusChanged read group bsuid-only"],
    "pywa/_shape/smb_message_echoes.text__outgoing_message-text": ["MessageEchoed text"],
    "pywa/account_update.ACCOUNT_DELETED__account_update-account_deleted": ["ChannelChanged account ACCOUNT_DELETED"],
    "pywa/account_update.ACCOUNT_OFFBOARDED__account_update-account_offboarded": [
        "ChannelChanged account ACCOUNT_OFFBOARDED"
    ],
    "pywa/account_update.ACCOUNT_RECONNECTED__account_update-account_reconnected": [
        "ChannelChanged account ACCOUNT_RECONNECTED"
    ],
    "pywa/account_update.ACCOUNT_RESTRICTION__account_update-account_restriction": [
        "ChannelChanged account ACCOUNT_RESTRICTION RESTRICTED_BIZ_INITIATED_MESSAGING,RESTRICTED_ADD_PHONE_NUMBER_ACTION"
    ],
    "pywa/account_update.ACCOUNT_VIOLATION__account_update-account_violation": [
        "ChannelChanged account ACCOUNT_VIOLATION ADULT"
    ],
    "pywa/account_update.AD_ACCOUNT_LINKED__account_update-ad_account_linked": [
        "ChannelChanged account AD_ACCOUNT_LINKED"
    ],
    "pywa/account_update.AUTH_INTL_PRICE_ELIGIBILITY_UPDATE__account_update-authentication_international_eligibility": [
        "ChannelChanged account AUTH_INTL_PRICE_ELIGIBILITY_UPDATE"
    ],
    "pywa/account_update.BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE__account_update-primary_business_location_set": [
        "ChannelChanged account BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"
    ],
    "pywa/account_update.DISABLED_UPDATE__account_update-account_disabled": [
        "ChannelChanged account DISABLED_UPDATE REINSTATE"
    ],
    "pywa/account_update.MM_LITE_TERMS_SIGNED__account_update-mm_api_for_wa_terms_of_service": [
        "ChannelChanged account MM_LITE_TERMS_SIGNED"
    ],
    "pywa/account_update.PARTNER_ADDED__account_update-partner_added": ["ChannelChanged account PARTNER_ADDED"],
    "pywa/account_update.PARTNER_APP_INSTALLED__account_update-partner_app_installed": [
        "ChannelChanged account PARTNER_APP_INSTALLED"
    ],
    "pywa/account_update.PARTNER_APP_UNINSTALLED__account_update-partner_app_uninstalled": [
        "ChannelChanged account PARTNER_APP_UNINSTALLED"
    ],
    "pywa/account_update.PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE__account_update-partner_led_business_verification_status": [
        "ChannelChanged account PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE"
    ],
    "pywa/account_update.PARTNER_REMOVED__account_update-partner_removed": ["ChannelChanged account PARTNER_REMOVED"],
    "pywa/account_update.PARTNER_REMOVED__account_update-partner_removed_wa_app_disconnection": [
        "ChannelChanged account PARTNER_REMOVED PRIMARY_INACTIVITY"
    ],
    "pywa/account_update.VOLUME_BASED_PRICING_TIER_UPDATE__account_update-pricing_tiering_update": [
        "ChannelChanged account VOLUME_BASED_PRICING_TIER_UPDATE"
    ],
    "pywa/calls.RINGING__call_status-call_status": ["CallChanged RINGING ours"],
    "pywa/calls.connect__call_connect-business_initiated": ["CallChanged connect ours"],
    "pywa/calls.connect__call_connect-user_initiated": ["CallChanged connect"],
    "pywa/calls.terminate__call_terminate-call_terminate": [
        "CallChanged terminate ours",
        "ChannelChanged problem 12455",
    ],
    "pywa/message_template_components_update__template_components_update-element": ["TemplateChanged components"],
    "pywa/message_template_quality_update__template_quality_update-yellow": ["TemplateChanged quality YELLOW"],
    "pywa/message_template_status_update.APPROVED__template_status_update-approved": [
        "TemplateChanged status APPROVED"
    ],
    "pywa/message_template_status_update.REJECTED__template_status_update-rejected": [
        "TemplateChanged status REJECTED INVALID_FORMAT"
    ],
    "pywa/messages.audio__message-audio": ["MessageReceived audio forwarded"],
    "pywa/messages.audio__message-voice": ["MessageReceived voice"],
    "pywa/messages.button__callback_button-quick_reply": ["MessageReceived button quote"],
    "pywa/messages.button__callback_button-quick_reply_without_context": ["MessageReceived button"],
    "pywa/messages.contacts__message-contacts": ["MessageReceived contacts"],
    "pywa/messages.document__message-document": ["MessageReceived document forwarded"],
    "pywa/messages.edit__edited_message-image": ["MessageEdited image"],
    "pywa/messages.image__message-image": ["MessageReceived image"],
    "pywa/messages.image__message-media_with_url": ["MessageReceived image"],
    "pywa/messages.interactive-button_reply__callback_button-button": [
        "MessageReceived interactive button_reply quote"
    ],
    "pywa/messages.interactive-call_permission_reply__call_permission_update-accept": [
        "MessageReceived interactive call_permission_reply quote"
    ],
    "pywa/messages.interactive-call_permission_reply__call_permission_update-reject": [
        "MessageReceived interactive call_permission_reply quote"
    ],
    "pywa/messages.interactive-list_reply__callback_selection-callback": [
        "MessageReceived interactive list_reply quote"
    ],
    "pywa/messages.interactive-list_reply__callback_selection-description": [
        "MessageReceived interactive list_reply quote"
    ],
    "pywa/messages.interactive-nfm_reply__flow_completion-completion": ["MessageReceived interactive nfm_reply quote"],
    "pywa/messages.interactive-nfm_reply__flow_completion-without_flow_token": [
        "MessageReceived interactive nfm_reply quote"
    ],
    "pywa/messages.interactive__message-interactive_message_with_err": [
        "MessageReceived unsupported interactive quote",
        "ChannelChanged problem 131000",
    ],
    "pywa/messages.location__message-chosen_location": ["MessageReceived location forwarded"],
    "pywa/messages.location__message-current_location": ["MessageReceived location forwarded"],
    "pywa/messages.order__message-order": ["MessageReceived order"],
    "pywa/messages.reaction__message-reaction": ["ReactionChanged 😮"],
    "pywa/messages.reaction__message-unreaction_empty": ["ReactionChanged removed"],
    "pywa/messages.reaction__message-unreaction_no_emoji": ["ReactionChanged removed"],
    "pywa/messages.status-delivered__message_status-delivered": ["StatusChanged delivered priced"],
    "pywa/messages.status-failed__message_status-failed": ["StatusChanged failed 130472"],
    "pywa/messages.status-played__message_status-played": ["StatusChanged played priced"],
    "pywa/messages.status-read__message_status-read": ["StatusChanged read priced"],
    "pywa/messages.status-sent__message_status-sent": ["StatusChanged sent priced"],
    "pywa/messages.status-sent__message_status-with_tracker": ["StatusChanged sent priced our-id"],
    "pywa/messages.sticker__message-animated_sticker": ["MessageReceived sticker"],
    "pywa/messages.sticker__message-static_sticker": ["MessageReceived sticker"],
    "pywa/messages.system-customer_identity_changed__system-identity_change": ["IdentityChanged security_code"],
    "pywa/messages.system-user_changed_number__system-phone_number_change": ["IdentityChanged number"],
    "pywa/messages.text__message-forwarded": ["MessageReceived text forwarded"],
    "pywa/messages.text__message-forwarded_many_times": ["MessageReceived text forwarded"],
    "pywa/messages.text__message-referral": ["MessageReceived text referral"],
    "pywa/messages.text__message-reply": ["MessageReceived text quote"],
    "pywa/messages.text__message-text": ["MessageReceived text"],
    "pywa/messages.unsupported__message-unsupported": ["MessageReceived unsupported 131051"],
    "pywa/messages.unsupported__message-unsupported_with_type": ["MessageReceived unsupported pool 131051"],
    "pywa/messages.video__message-video": ["MessageReceived video forwarded"],
    "pywa/smb_message_echoes.edit__outgoing_message-edit": ["MessageEdited text ours"],
    "pywa/smb_message_echoes.revoke__outgoing_message-delete": ["MessageRevoked ours"],
    "pywa/template_category_update__template_category_update-marketing": ["TemplateChanged category MARKETING"],
    "pywa/user_preferences.resume__user_marketing_preferences-resume": ["PreferenceChanged resume"],
    "pywa/user_preferences.signup__user_marketing_preferences-signup": ["PreferenceChanged signup"],
}


def name_of(path: Path) -> str:
    return re.sub(r"__[0-9a-f]{6}$", "", path.relative_to(PAYLOADS).with_suffix("").as_posix())


def samples() -> list[Path]:
    return [path for path in sorted(PAYLOADS.rglob("*.json")) if path.stem != VECTORS]


@needs_reference
def test_every_sample_has_an_expectation_and_every_expectation_a_sample() -> None:
    names = [name_of(path) for path in samples()]
    assert len(names) == len(set(names))
    assert set(names) == set(EXPECTED)


@pytest.mark.parametrize("path", samples(), ids=name_of)
def test_a_sample_says_what_we_say_it_says(path: Path) -> None:
    events = parse(path.read_bytes())
    assert [summary(event) for event in events] == EXPECTED[name_of(path)]
    # Meta escapes differently from file to file; what is said does not depend on it.
    assert parse(json.dumps(json.loads(path.read_bytes())).encode()) == events


@needs_reference
def test_the_signature_vectors_hold() -> None:
    vectors = json.loads((PAYLOADS / "constructed_2026" / f"{VECTORS}.json").read_text())
    assert vectors
    for vector in vectors:
        headers = {"X-Hub-Signature-256": vector["header"]}
        body = bytes.fromhex(vector["body_hex"])
        assert verify(headers, body, secrets=[b"other", vector["app_secret"].encode()]) == 1
        with pytest.raises(Forged):
            verify(headers, body + b" ", secrets=[vector["app_secret"].encode()])


def summary(event: Event) -> str:
    return " ".join([type(event).__name__, *(fact for fact in _facts(event) if fact)])


def _facts(event: Event) -> list[str | None]:
    match event:
        case MessageReceived(who=who, content=said, quote=quote):
            return [
                said.kind,
                said.data.get("type") if said.data and said.kind in ("unsupported", "interactive") else None,
                event.group_id and "group",
                str(said.problems[0].code) if said.problems else None,
                ("quote" if quote.external_id else "forwarded") if quote else None,
                "product" if "product" in (said.occasion or {}) else None,
                "referral" if "ad" in (said.occasion or {}) else None,
                "bsuid-only" if who.bsuid and not who.phone else None,
            ]
        case StatusChanged(who=who, problems=problems):
            return [
                event.status,
                str(problems[0].code) if problems else None,
                "priced" if event.pricing else None,
                event.our_id and "our-id",
                event.group_id and "group",
                "bsuid-only" if who.bsuid and not who.phone else None,
            ]
        case MessageEchoed():
            return [event.content.kind]
        case MessageEdited():
            return [event.content.kind, "ours" if event.from_us else None]
        case MessageRevoked():
            return ["ours" if event.from_us else None]
        case ReactionChanged():
            return [event.emoji or "removed"]
        case IdentityChanged():
            return [event.kind, "removed" if event.removed else None]
        case PreferenceChanged():
            return [event.value]
        case CallChanged():
            return [event.event, "ours" if event.from_us else None]
        case TemplateChanged():
            return [event.aspect, event.value, event.reason]
        case ChannelChanged():
            return [event.aspect, event.value, event.detail]
        case HistoryChunk():
            return [str(len(event.received)), str(len(event.echoed)), *(str(p.code) for p in event.problems)]
        case Unrecognised():
            return [event.why]
