"""Words for the page of promises: `{% load promises %}`."""

from datetime import datetime

from django import template
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from troth.privacy.policy.clauses import Clause
from troth.privacy.policy.reading import comes_with

register = template.Library()


@register.filter
def instant(at: datetime) -> SafeString:
    """Show an instant in the reader's own time zone, exact to the minute."""
    here = localtime(at)
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', at.isoformat(), f"{here:%Y-%m-%d %H:%M}")


@register.filter
def is_here(address: str) -> bool:
    """Return whether this installation answers the address."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


@register.simple_tag
def part_of(clause: Clause) -> str | Promise:
    """Return the name of the part that a clause comes with."""
    return comes_with(clause)
