"""The form in which a template is written: what it shows, and what it knows beside the draft."""

from dataclasses import dataclass, field
from typing import Any, Self

from django.http import HttpResponse
from django.utils.translation import gettext as _

from troth.channels.definition import Draft, faults_of, shown
from troth.channels.definition.drafting import BUTTONS, CARD_BUTTONS, can_draft
from troth.channels.definition.reading import APPS_MAX, VARIABLE
from troth.channels.models import Channel, MessageTemplate
from troth.channels.template_words import EDITABLE, LANGUAGES, edit_rule, fault_text, language_name
from troth.channels.views.found import page
from troth.workspaces.access import MemberRequest

MEGABYTE = 1024 * 1024
# Source: Cloud API, media (read 2026-11-29); a document's sample is smaller than a document may be.
SAMPLES = {
    "image": (("image/jpeg", "image/png"), 5 * MEGABYTE),
    "video": (("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    "document": (("application/pdf",), 16 * MEGABYTE),
}
FLOW = "flow:"  # before the id of a form that the page knows


@dataclass(frozen=True)
class Flows:
    """What Meta told of the account's forms: their names by id, or why not. It travels with the page, so that Meta is asked
    once."""

    names: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    is_told: bool = True

    @classmethod
    def of_page(cls, post: Any) -> Self:
        """Return what the page knows."""
        names = {key.removeprefix(FLOW): str(post[key])[:200] for key in post if key.startswith(FLOW)}
        return cls(names, str(post.get("flows_problem", ""))[:300], is_told="flows_told" in post)


def form_page(
    request: MemberRequest,
    channel: Channel,
    template: MessageTemplate | None,
    draft: Draft,
    *,
    said: str = "",
    tried: bool = False,
    status: int = 200,
    flows: Flows | None = None,
    moved: str = "",
) -> HttpResponse:
    """Show the form as the draft stands, with what is missing and what it looks like. `flows` are the account's forms where
    Meta was just asked for them; else the page has them from before. `moved` is the id of what was just moved."""
    told = flows or Flows.of_page(request.POST)
    faults = faults_in(draft)
    shown_here = {
        "channel": channel,
        "template": template,
        "draft": draft,
        "said": said,
        "tried": tried,
        "faults": [(fault, fault_text(fault)) for fault in faults],
        "look": shown(draft.definition(), _example_values(draft), category=draft.category),
        "variables": [
            {"key": key, "name": name, "value": draft.examples.get(key, ""), "card": _card_of(key)}
            for key, name in draft.variables()
        ],
        "keeps_category": template is not None and keeps_category(template),
        "edit_rule": edit_rule(template) if template else "",
        "languages": [(code, language_name(code)) for code in LANGUAGES],
        "moved": moved,
        "flows": told,
        "flow_choices": _choices(draft, told),
        "apps_max": APPS_MAX,
        "button_kinds": [(kind, _button_words(kind)) for kind in BUTTONS],
        "card_button_kinds": [(kind, _button_words(kind)) for kind in CARD_BUTTONS],
        "sample_types": ",".join(SAMPLES[draft.header][0]) if draft.header in SAMPLES else "",
        "card_types": ",".join(SAMPLES[draft.card_media][0]) if draft.card_media in SAMPLES else "",
    }
    whole = not request.headers.get("HX-Request")
    return page(request, "channels/template_edit.html" if whole else "channels/_editor.html", shown_here, status=status)


def opens_flow(draft: Draft) -> bool:
    """Return whether a button opens a form."""
    return not draft.is_code and any(button.kind == "FLOW" for button in draft.buttons)


def _choices(draft: Draft, told: Flows) -> list[tuple[str, str]]:
    """Return the forms to choose from, by name. One that the draft has and Meta did not tell of keeps its place by its id."""
    others = {one.value: one.value for one in draft.buttons if one.kind == "FLOW" and one.value and told.names}
    return sorted((others | told.names).items(), key=lambda one: one[1].casefold())


def faults_in(draft: Draft) -> list[Any]:
    """Return what Meta would refuse of a draft."""
    return faults_of(
        draft.definition(), name=draft.name, language=draft.language, category=draft.category, named=draft.named
    )


def _example_values(draft: Draft) -> dict[str, str]:
    """Return what the preview shows: the examples, and for links and codes theirs."""
    values = {key: value.strip() for key, value in draft.examples.items() if value.strip()}
    buttons = [(f"button:{at}", button) for at, button in enumerate(draft.buttons)]
    for at, card in enumerate(draft.cards):
        buttons += [(f"card{at}.button:{index}", button) for index, button in enumerate(card.buttons)]
    for key, button in buttons:
        if button.kind == "COPY_CODE":
            values[key] = button.value
        elif button.kind == "URL" and VARIABLE.search(button.value) and button.example:
            values[key] = button.example.removeprefix(VARIABLE.split(button.value)[0])
    return values | {"code": "123456"}


def _card_of(key: str) -> int:
    """Return which card a variable stands in, counted from 1; 0 for none."""
    return int(key.split(".")[0].removeprefix("card")) + 1 if key.startswith("card") else 0


def may_edit(template: MessageTemplate) -> bool:
    """Return whether Meta takes a change of a template now, and the form holds all of it."""
    return bool(template.external_id) and template.status in EDITABLE and can_draft(template.components)


def keeps_category(template: MessageTemplate) -> bool:
    """Return whether the category is fixed: that of a template which was approved."""
    return template.status != "REJECTED"


def _button_words(kind: str) -> str:
    return {
        "QUICK_REPLY": _("Quick reply"),
        "URL": _("Open a link"),
        "PHONE_NUMBER": _("Call a number"),
        "COPY_CODE": _("Copy a code"),
        "FLOW": _("Open a form (Flow)"),
        "CATALOG": _("Open the catalogue"),
        "MPM": _("Show products"),
        "SPM": _("Show a product"),
        "VOICE_CALL": _("Call in WhatsApp"),
        "REQUEST_CONTACT_INFO": _("Ask for the phone number"),
    }[kind]
