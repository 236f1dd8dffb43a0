"""Whether somebody was forgotten: asked by whatever brings people in from outside."""

from troth.contacts.suppressions import is_suppressed

__all__ = ["is_suppressed"]
