"""A template as a form holds it, and its way to a definition and back."""

from typing import Any, Self

from msgspec import Struct, field

from troth.channels.definition.reading import (
    APPS_MAX,
    MEDIA,
    VARIABLE,
    Part,
    asks_to_call,
    buttons_of,
    cards_of,
    examples_in,
    format_of,
    key_of,
    part_of,
    parts_of,
    sample_of,
    text_of,
    type_of,
    variables_in,
)

KINDS = ("standard", "carousel", "offer", "call", "code")
HEADERS = ("", "text", "image", "video", "document", "location", "product")
CARD_MEDIA = ("image", "video", "product")
BUTTONS = (
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "FLOW",
    "CATALOG",
    "MPM",
    "SPM",
    "VOICE_CALL",
    "REQUEST_CONTACT_INFO",
)
CARD_BUTTONS = ("QUICK_REPLY", "URL", "PHONE_NUMBER", "SPM")
OTPS = ("COPY_CODE", "ONE_TAP", "ZERO_TAP")
# The other word that a button needs, by its kind: Meta's key for it.
VALUES = {"URL": "url", "PHONE_NUMBER": "phone_number", "COPY_CODE": "example", "FLOW": "flow_id"}
_KNOWN = {"HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER", "CALL_PERMISSION_REQUEST"}


class Button(Struct):
    """A button. `value` is its link, number, code or form; `example` a whole link where that ends in a variable; `screen` the
    screen with which a form begins, where that is not its first."""

    kind: str = "QUICK_REPLY"
    text: str = ""
    value: str = ""
    example: str = ""
    screen: str = ""


class Card(Struct):
    """A card of a carousel. `handle` stands for its uploaded sample, `file` is that sample's name."""

    handle: str = ""
    file: str = ""
    body: str = ""
    buttons: list[Button] = field(default_factory=list)


class App(Struct):
    """An app that takes a one-time code: its package name, and the hash of what signs it."""

    package: str = ""
    signature: str = ""


class Draft(Struct):
    """A template that is being written. `examples` are by the keys of variables (`body:1`, `card0.body:name`)."""

    name: str = ""
    language: str = ""
    category: str = "UTILITY"
    kind: str = "standard"
    named: bool = False
    header: str = ""
    header_text: str = ""
    handle: str = ""
    file: str = ""
    body: str = ""
    footer: str = ""
    examples: dict[str, str] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    offer_text: str = ""
    offer_expires: bool = True
    card_media: str = "image"
    cards: list[Card] = field(default_factory=list)
    security: bool = True
    minutes: str = "10"
    otp: str = "COPY_CODE"
    autofill_text: str = ""
    apps: list[App] = field(default_factory=list)
    zero_tap_terms: bool = False

    @property
    def is_code(self) -> bool:
        """Whether it is an authentication template, whose text is Meta's."""
        return self.category == "AUTHENTICATION"

    def variables(self) -> list[tuple[str, str]]:
        """Return key and name of each variable that needs an example, in the order of the form."""
        if self.is_code:
            return []
        found: list[tuple[str, str]] = []
        if self.header == "text" and self.kind not in ("carousel", "call"):
            found += [(key_of("header", name), name) for name in variables_in(self.header_text)]
        found += [(key_of("body", name), name) for name in variables_in(self.body)]
        if self.kind == "carousel":
            for at, card in enumerate(self.cards):
                found += [(key_of("body", name, card=at), name) for name in variables_in(card.body)]
        return found

    def definition(self) -> list[Part]:
        """Return Meta's components."""
        if self.is_code:
            return self._code()
        if self.kind == "call":
            return [self._text("BODY", self.body, place="body"), {"type": "CALL_PERMISSION_REQUEST"}]
        made: list[Part] = []
        if self.header and self.kind != "carousel":
            made.append(self._header())
        made.append(self._text("BODY", self.body, place="body"))
        if self.kind == "offer":
            offer = {"text": self.offer_text.strip(), "has_expiration": self.offer_expires}
            made.append({"type": "LIMITED_TIME_OFFER", "limited_time_offer": offer})
        if self.footer.strip() and self.kind == "standard":
            made.append({"type": "FOOTER", "text": self.footer.strip()})
        if self.buttons and self.kind != "carousel":
            made.append({"type": "BUTTONS", "buttons": [_button(button) for button in self.buttons]})
        if self.kind == "carousel":
            cards = [{"components": self._card(card, at)} for at, card in enumerate(self.cards)]
            made.append({"type": "CAROUSEL", "cards": cards})
        return made

    @classmethod
    def of(cls, definition: Any, *, name: str, language: str, category: str, named: bool) -> Self:
        """Return a template that exists as it can be edited. A sample that was not uploaded from here has to be given again: Meta keeps
        it to itself."""
        draft = cls(name=name, language=language, category=category, named=named)
        header, body = part_of(definition, "HEADER"), part_of(definition, "BODY")
        draft.header, draft.handle = format_of(header).lower(), sample_of(header)
        draft.header_text, draft.body = text_of(header), text_of(body)
        draft.footer = text_of(part_of(definition, "FOOTER"))
        draft._take_examples(header, body, card=None)
        draft.buttons = [_button_of(button) for button in buttons_of(definition)]
        if offer := part_of(definition, "LIMITED_TIME_OFFER").get("limited_time_offer"):
            draft.kind, draft.offer_text = "offer", str(offer.get("text") or "")
            draft.offer_expires = bool(offer.get("has_expiration"))
        if asks_to_call(definition):
            draft.kind = "call"
        for at, card in enumerate(cards_of(definition)):
            draft.kind = "carousel"
            draft.card_media = format_of(part_of(card, "HEADER")).lower() or "image"
            draft.cards.append(
                Card(
                    handle=sample_of(part_of(card, "HEADER")),
                    body=text_of(part_of(card, "BODY")),
                    buttons=[_button_of(button) for button in buttons_of(card)],
                )
            )
            draft._take_examples({}, part_of(card, "BODY"), card=at)
        if draft.is_code:
            draft._take_code(definition)
        return draft

    def _header(self) -> Part:
        if self.header == "text":
            return self._text("HEADER", self.header_text, place="header") | {"format": "TEXT"}
        part: Part = {"type": "HEADER", "format": self.header.upper()}
        if part["format"] in MEDIA and self.handle:
            part["example"] = {"header_handle": [self.handle]}
        return part

    def _text(self, kind: str, text: str, *, place: str, card: int | None = None) -> Part:
        said = text.strip().replace("\r\n", "\n")
        part: Part = {"type": kind, "text": said}
        names = variables_in(said)
        given = {name: self.examples.get(key_of(place, name, card=card), "").strip() for name in names}
        if not names:
            return part
        key = "header_text" if kind == "HEADER" else "body_text"
        if self.named:
            rows = [{"param_name": name, "example": given[name]} for name in names]
            return part | {"example": {f"{key}_named_params": rows}}
        row = [given[name] for name in sorted(names, key=_by_number)]
        if kind == "HEADER":
            return part | {"example": {key: row}}
        return part | {"example": {key: [row]}}

    def _card(self, card: Card, at: int) -> list[Part]:
        header: Part = {"type": "HEADER", "format": self.card_media.upper()}
        if card.handle:
            header["example"] = {"header_handle": [card.handle]}
        made = [header]
        if card.body.strip():
            made.append(self._text("BODY", card.body, place="body", card=at))
        if card.buttons:
            made.append({"type": "BUTTONS", "buttons": [_button(button) for button in card.buttons]})
        return made

    def _code(self) -> list[Part]:
        body: Part = {"type": "BODY", "add_security_recommendation": self.security}
        made = [body]
        if self.minutes.strip():
            minutes: Any = int(self.minutes) if self.minutes.strip().isdecimal() else self.minutes
            made.append({"type": "FOOTER", "code_expiration_minutes": minutes})
        button: Part = {"type": "OTP", "otp_type": self.otp}
        if self.buttons and self.buttons[0].text.strip():
            button["text"] = self.buttons[0].text.strip()
        if self.otp != "COPY_CODE":
            if self.autofill_text.strip():
                button["autofill_text"] = self.autofill_text.strip()
            button["supported_apps"] = [
                {"package_name": app.package.strip(), "signature_hash": app.signature.strip()} for app in self.apps
            ]
        if self.otp == "ZERO_TAP":
            button["zero_tap_terms_accepted"] = self.zero_tap_terms
        return [*made, {"type": "BUTTONS", "buttons": [button]}]

    def _take_examples(self, header: Part, body: Part, *, card: int | None) -> None:
        for place, part in (("header", header), ("body", body)):
            for name, example in examples_in(part, f"{place}_text").items():
                self.examples[key_of(place, name, card=card)] = example

    def _take_code(self, definition: Any) -> None:
        self.kind = "code"
        self.security = part_of(definition, "BODY").get("add_security_recommendation") is not False
        minutes = part_of(definition, "FOOTER").get("code_expiration_minutes")
        self.minutes = "" if minutes is None else str(minutes)
        button = next(iter(buttons_of(definition)), {})
        self.otp = str(button.get("otp_type") or "COPY_CODE").upper()
        self.autofill_text = str(button.get("autofill_text") or "")
        self.apps = [
            App(str(one.get("package_name") or ""), str(one.get("signature_hash") or ""))
            for one in parts_of(button.get("supported_apps"))
            or ([button] if button.get("package_name") else [])  # as Meta wrote it when there was one app only
        ]
        self.zero_tap_terms = button.get("zero_tap_terms_accepted") is True


def can_draft(definition: Any) -> bool:
    """Return whether the form holds all that a definition says, so that saving it loses nothing."""
    parts = {type_of(part) for part in definition if isinstance(part, dict)} if isinstance(definition, list) else {""}
    if parts - _KNOWN or not parts:
        return False
    if format_of(part_of(definition, "HEADER")).lower() not in HEADERS:
        return False
    inner = [button for card in cards_of(definition) for button in buttons_of(card)]
    kinds = {type_of(button) for button in [*buttons_of(definition), *inner]}
    if not all(map(_holds, [*buttons_of(definition), *inner])):
        return False
    return kinds <= {*BUTTONS, "OTP"} and all(
        format_of(part_of(card, "HEADER")).lower() in CARD_MEDIA for card in cards_of(definition)
    )


def _holds(button: Part) -> bool:
    """Return whether the form holds all of a button: of forms the id and the screen, of codes the apps."""
    if type_of(button) == "FLOW":
        held = button.keys() <= {"type", "text", "flow_id", "flow_action", "navigate_screen"}
        return (
            held and bool(button.get("flow_id")) and str(button.get("flow_action") or "navigate").lower() == "navigate"
        )
    apps = parts_of(button.get("supported_apps"))
    return len(apps) <= APPS_MAX and all(app.keys() <= {"package_name", "signature_hash"} for app in apps)


def _button(button: Button) -> Part:
    made: Part = {"type": button.kind}
    if button.kind != "COPY_CODE":
        made["text"] = button.text.strip()
    if key := VALUES.get(button.kind):
        made[key] = button.value.strip()
    if button.kind == "FLOW" and button.screen.strip():
        made |= {"flow_action": "navigate", "navigate_screen": button.screen.strip()}
    if button.kind == "URL" and VARIABLE.search(button.value):
        made["example"] = [button.example.strip()]
    return made


def _button_of(part: Part) -> Button:
    kind = type_of(part)
    example = part.get("example")
    first = example[0] if isinstance(example, list) and example else example
    value = first if kind == "COPY_CODE" else part.get(VALUES.get(kind, ""))
    return Button(
        kind=kind,
        text=text_of(part),
        value=str(value or ""),
        example=str(first or "") if kind == "URL" else "",
        screen=str(part.get("navigate_screen") or "") if kind == "FLOW" else "",
    )


def _by_number(name: str) -> tuple[bool, int]:
    return not name.isdecimal(), int(name) if name.isdecimal() else 0
