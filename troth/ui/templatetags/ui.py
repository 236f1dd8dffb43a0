"""Icons, avatars and customers' text for templates: `{% load ui %}`."""

from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from troth.ui import formatting, initials

register = template.Library()

SPRITE = "ui/vendor/lucide-1.62.0.svg"
MARK = "ui/img/mark.svg"


@register.simple_tag
def icon(name: str, look: str = "", label: str = "") -> SafeString:
    """Show an icon of the sprite. `look` adds classes (`tiny`, `large`, `huge`, `flip`); `label` names it aloud."""
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            _classes(look), label, static(SPRITE), name,
        )  # fmt: skip
    return _bare(name, look, static(SPRITE))


@lru_cache(maxsize=1024)
def _bare(name: str, look: str, sprite: str) -> SafeString:
    # A page of the inbox shows nearly a hundred, of two dozen kinds.
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', _classes(look), sprite, name
    )


def _classes(look: str) -> str:
    return " ".join(["icon", *(f"icon-{word}" for word in look.split())])


@register.simple_tag
def mark() -> SafeString:
    """Show the product's mark. Decoration only."""
    return format_html(
        '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><use href="{}#mark"></use></svg>', static(MARK)
    )


@register.simple_tag
def avatar(name: str, seed: object, look: str = "") -> SafeString:
    """Show a person's initials on their own colour. Decoration only: the name stands beside it."""
    size = f" avatar-{look}" if look else ""
    letters = initials.initials(formatting.clean_name(name or ""))
    inside = letters or icon("user-round")
    return format_html(
        '<span class="avatar avatar-{}{}" aria-hidden="true">{}</span>', initials.colour(seed), size, inside
    )


@register.filter
def whatsapp(text: str | None) -> SafeString:
    """Show a customer's text with WhatsApp's marks; everything in it is escaped."""
    return formatting.to_html(text or "")


@register.filter
def plain(text: str | None) -> str:
    """Show a customer's text on one line without marks."""
    return formatting.to_plain(text or "")


@register.filter
def person_name(text: str | None) -> str:
    """Show a name on one line, without characters that could disturb or imitate."""
    return formatting.clean_name(text or "")


@register.inclusion_tag("ui/_empty.html")
def empty(art: str, title: str, words: str = "", action_url: str = "", action: str = "") -> dict[str, Any]:
    """Show an empty state: one sentence, one action."""
    return {"art": art, "title": title, "words": words, "action_url": action_url, "action": action}


@register.inclusion_tag("ui/_copy.html")
def copy(value: str, label: str) -> dict[str, Any]:
    """Show a value to take elsewhere, with a button that copies it."""
    return {"value": value, "label": label}
