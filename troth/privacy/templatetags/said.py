"""Words that are declared in English beside what they speak of, in the reader's language: `{% load said %}`."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def said(words: str) -> str:
    """Show declared words in the reader's language."""
    return gettext(words) if words else ""
