"""What Meta's error codes mean for sending: whether to try again, when, and what has to wait meanwhile.

One row a code, in Meta's order. The words for people stand in `words.py` under the row's key.
Source: Meta, "Cloud API error codes" and "Graph API error handling" (read 2026-11-22).
"""

from typing import Literal

from msgspec import Struct

from troth.channels.contract import PersonFact

Kind = Literal[
    "RETRY",  # a passing fault: again, ever more slowly
    "RETRY_LIMITED",  # perhaps a passing fault: again, at most three times in all
    "THROTTLE",  # too fast for the number or the account
    "THROTTLE_PAIR",  # too fast for one person
    "WAIT",  # later, and how much later the answer says; a conversation must not stand still for it
    "WAIT_5M",
    "WAIT_10M",
    "WAIT_1H",
    "WAIT_24H",
    "WAIT_72H",
    "AUTH",  # the token or its permissions
    "BLOCKED",  # Meta stopped the number or the account
    "TEMPLATE",  # the template cannot be sent now
    "WINDOW",  # the service window is closed
    "OPTOUT",  # the person wants no marketing
    "PARTIAL",
    "CALL",
    "INFO",
    "PERM",  # the same message will never be taken
]
Scope = Literal["message", "pair", "number", "account"]

MISSING_OBJECT = (100, 33)


class Policy(Struct, frozen=True):
    """How a kind of error is tried again: up to `attempts_max` offers in all, the wait growing by `growth` each time."""

    attempts_max: int
    retry_after_s: float
    growth: float
    scope: Scope


class Rule(Struct, frozen=True, kw_only=True):
    """What one code means. `words` is the key of its text; `retry_after_s` is the first wait, or advice for a person."""

    kind: Kind
    words: str
    scope: Scope
    retryable: bool = False
    attempts_max: int = 1
    retry_after_s: float | None = None
    growth: float = 1.0


POLICIES: dict[Kind, Policy] = {
    "RETRY": Policy(100, 2.0, 2.0, "number"),  # over an hour and a half, where no wait is longer than a minute
    "RETRY_LIMITED": Policy(3, 2.0, 3.0, "message"),
    "THROTTLE": Policy(10, 1.0, 2.0, "number"),
    "THROTTLE_PAIR": Policy(5, 4.0, 4.0, "pair"),
}
SCOPES: dict[Kind, Scope] = {"AUTH": "account", "BLOCKED": "account", "WINDOW": "pair"}
ADVISED_WAITS_S: dict[Kind, float] = {
    "WAIT_5M": 300.0,
    "WAIT_10M": 600.0,
    "WAIT_1H": 3_600.0,
    "WAIT_24H": 86_400.0,
    "WAIT_72H": 259_200.0,
}

# (first code, last code, kind, key of the words)
TABLE: tuple[tuple[int, int, Kind, str], ...] = (
    (0, 0, "AUTH", "token"),
    (1, 1, "RETRY_LIMITED", "unknown_fault"),
    (2, 2, "RETRY", "meta_down"),
    (3, 3, "AUTH", "permission"),
    (4, 4, "THROTTLE", "too_many_calls"),
    (10, 10, "AUTH", "permission"),
    (33, 33, "PERM", "missing_object"),
    (100, 100, "PERM", "bad_request"),
    (104, 104, "AUTH", "token"),
    (190, 190, "AUTH", "token"),
    (200, 299, "AUTH", "permission"),
    (341, 341, "THROTTLE", "too_many_calls"),
    (368, 368, "BLOCKED", "policy_block"),
    (80007, 80007, "THROTTLE", "too_many_calls"),
    (80008, 80008, "THROTTLE", "too_many_calls"),
    (130403, 130403, "PERM", "we_blocked_them"),
    (130429, 130429, "THROTTLE", "too_fast"),
    (130472, 130472, "PERM", "experiment"),
    (130497, 130497, "PERM", "country"),
    (131000, 131000, "RETRY_LIMITED", "unknown_fault"),
    (131005, 131005, "AUTH", "permission"),
    (131008, 131008, "PERM", "bad_request"),
    (131009, 131009, "PERM", "bad_value"),
    (131014, 131014, "PERM", "media_link"),
    (131016, 131016, "RETRY", "meta_down"),
    (131020, 131020, "PERM", "group"),
    (131021, 131021, "PERM", "to_ourselves"),
    (131026, 131026, "PERM", "undeliverable"),
    (131030, 131030, "PERM", "test_number"),
    (131031, 131031, "BLOCKED", "account_locked"),
    (131037, 131037, "BLOCKED", "display_name"),
    (131041, 131041, "PERM", "group"),
    (131042, 131042, "BLOCKED", "payment"),
    (131044, 131044, "BLOCKED", "payment"),
    (131045, 131045, "BLOCKED", "registration"),
    (131047, 131047, "WINDOW", "window_closed"),
    (131048, 131048, "BLOCKED", "spam_limit"),
    (131049, 131049, "WAIT_24H", "not_now"),
    (131050, 131050, "OPTOUT", "opted_out"),
    (131051, 131051, "PERM", "unsupported_type"),
    (131052, 131052, "PERM", "media_in"),
    (131053, 131053, "PERM", "media_out"),
    (131055, 131055, "PERM", "marketing_only"),
    (131056, 131056, "THROTTLE_PAIR", "too_fast_for_one"),
    (131057, 131057, "RETRY", "maintenance"),
    (131059, 131059, "PERM", "bad_request"),
    (131060, 131060, "PERM", "see_phone"),
    (131061, 131061, "PERM", "marketing_only"),
    (131062, 131062, "PERM", "needs_phone"),
    (131063, 131063, "PERM", "marketing_only"),
    (131064, 131064, "BLOCKED", "misclassified"),
    (131201, 131201, "PARTIAL", "group_partly"),
    (131202, 131202, "PERM", "group"),
    (131204, 131204, "PERM", "group"),
    (131207, 131207, "BLOCKED", "group_suspended"),
    (131208, 131208, "THROTTLE", "group_too_fast"),
    (131209, 131209, "PERM", "group_picture"),
    (131210, 131210, "PERM", "group_picture"),
    (131211, 131211, "PERM", "group"),
    (131212, 131212, "PERM", "group"),
    (131213, 131213, "PERM", "group"),
    (131214, 131214, "BLOCKED", "groups_off"),
    (131215, 131215, "PERM", "groups_off"),
    (132000, 132000, "PERM", "template_values"),
    (132001, 132001, "PERM", "template_missing"),
    (132005, 132005, "PERM", "template_too_long"),
    (132007, 132007, "PERM", "template_policy"),
    (132008, 132008, "PERM", "template_values"),
    (132012, 132012, "PERM", "template_values"),
    (132015, 132015, "TEMPLATE", "template_paused"),
    (132016, 132016, "TEMPLATE", "template_disabled"),
    (132018, 132018, "PERM", "template_values"),
    (132068, 132068, "TEMPLATE", "form_blocked"),
    (132069, 132069, "WAIT_1H", "form_throttled"),
    (133000, 133000, "RETRY", "registration_busy"),
    (133004, 133004, "RETRY", "meta_down"),
    (133005, 133005, "PERM", "pin"),
    (133006, 133006, "PERM", "unverified_number"),
    (133008, 133008, "WAIT", "pin_later"),
    (133009, 133009, "WAIT", "pin_later"),
    (133010, 133010, "BLOCKED", "unregistered"),
    (133015, 133015, "WAIT_5M", "registration_busy"),
    (133016, 133016, "WAIT_72H", "registered_too_often"),
    (134011, 134011, "BLOCKED", "payment_terms"),
    (134100, 134100, "PERM", "marketing_only"),
    (134101, 134101, "WAIT_10M", "template_syncing"),
    (134102, 134102, "BLOCKED", "marketing_only"),
    (135000, 135000, "PERM", "bad_request"),
    (137000, 137000, "PERM", "identity"),
    (138000, 138021, "CALL", "call"),
    (139000, 139000, "TEMPLATE", "form_blocked"),
    (139001, 139004, "PERM", "form_change"),
    (139100, 139100, "PARTIAL", "block_partly"),
    (139101, 139101, "PERM", "block_list_full"),
    (139102, 139102, "RETRY", "block_list_busy"),
    (139103, 139103, "RETRY", "block_list_busy"),
    (147001, 147001, "PERM", "username"),
    (147002, 147002, "PERM", "username"),
    (147003, 147003, "PERM", "username"),
    (147004, 147004, "PERM", "username"),
    (147005, 147005, "PERM", "username"),
    (200005, 200005, "PERM", "insights"),
    (200006, 200006, "PERM", "insights"),
    (200007, 200007, "PERM", "insights"),
    (2388001, 2388001, "PERM", "number_change"),
    (2388012, 2388012, "PERM", "number_change"),
    (2388019, 2388019, "PERM", "template_count"),
    (2388023, 2388023, "WAIT", "template_name"),
    (2388024, 2388024, "PERM", "template_name"),
    (2388040, 2388040, "PERM", "template_text"),
    (2388047, 2388047, "PERM", "template_text"),
    (2388072, 2388072, "PERM", "template_text"),
    (2388073, 2388073, "PERM", "template_text"),
    (2388091, 2388091, "PERM", "number_change"),
    (2388093, 2388093, "PERM", "number_change"),
    (2388103, 2388103, "PERM", "number_change"),
    (2388293, 2388293, "PERM", "template_text"),
    (2388299, 2388299, "PERM", "template_text"),
    (2494100, 2494100, "RETRY", "maintenance"),
    (2494191, 2494191, "PERM", "take_over"),
    (2593107, 2593107, "PERM", "sync_once"),
    (2593108, 2593108, "PERM", "sync_once"),
    (2593109, 2593109, "INFO", "history_declined"),
)

# Where a code reaches further, or less far, than others of its kind.
SCOPES_BY_CODE: dict[int, Scope] = {
    4: "account",
    33: "number",
    341: "account",
    80007: "account",
    80008: "account",
    130403: "pair",
    130497: "pair",
    131037: "number",
    131045: "number",
    131048: "number",
    131207: "pair",
    131208: "message",
    131214: "message",
    133010: "number",
    134102: "message",
    139102: "message",
    139103: "message",
}
# Where the first wait is longer than for others of its kind.
FIRST_WAITS_S: dict[int, float] = {
    4: 60.0,
    341: 60.0,
    80007: 60.0,
    80008: 60.0,
    131057: 60.0,
    131208: 60.0,
    2494100: 60.0,
}


def rule_for(code: int, *, subcode: int | None = None) -> Rule | None:
    """Return what a code means, or None for one that we do not know."""
    if (code, subcode) == MISSING_OBJECT:
        return _RULES[33]
    if (exact := _RULES.get(code)) is not None:
        return exact
    return next((rule for first, last, rule in _RANGES if first <= code <= last), None)


PERSON_FACTS: dict[int, PersonFact] = {130403: "blocked", 131050: "no_marketing", 137000: "code_changed"}


def rule_for_unknown(*, http_status: int, is_transient: bool) -> Rule:
    """Return what to make of a code without a row: the answer's own hints decide whether it is tried again."""
    passing = is_transient or http_status == 429 or http_status >= 500
    return UNKNOWN_PASSING if passing else UNKNOWN_FINAL


def _rule(code: int, kind: Kind, words: str) -> Rule:
    policy = POLICIES.get(kind)
    if policy is None:
        scope = SCOPES_BY_CODE.get(code) or SCOPES.get(kind, "message")
        return Rule(kind=kind, words=words, scope=scope, retry_after_s=ADVISED_WAITS_S.get(kind))
    return Rule(
        kind=kind,
        words=words,
        scope=SCOPES_BY_CODE.get(code, policy.scope),
        retryable=True,
        attempts_max=policy.attempts_max,
        retry_after_s=FIRST_WAITS_S.get(code, policy.retry_after_s),
        growth=policy.growth,
    )


_RULES = {first: _rule(first, kind, words) for first, last, kind, words in TABLE if first == last}
_RANGES = [(first, last, _rule(first, kind, words)) for first, last, kind, words in TABLE if first != last]

UNKNOWN_PASSING = _rule(-1, "RETRY_LIMITED", "unknown_fault")
UNKNOWN_FINAL = _rule(-1, "PERM", "refused")
# Nothing left this machine: the same offer costs nobody anything.
NOT_SENT = _rule(-1, "RETRY", "unreachable")
