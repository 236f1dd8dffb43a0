"""What a message template is, apart from any database or screen: its variables, its look, its faults, its way onto the wire.

A definition is the list of Meta's own component objects. Pure: no Django, no network, no clock.
Source: Cloud API, templates (read 2026-11-29).
"""

from troth.channels.definition.checking import Fault, faults_of
from troth.channels.definition.drafting import Button, Card, Draft
from troth.channels.definition.reading import Need, needs_of, obstacle_of
from troth.channels.definition.rendering import edition, shown
from troth.channels.definition.sending import BadValue, components_for

__all__ = [
    "BadValue",
    "Button",
    "Card",
    "Draft",
    "Fault",
    "Need",
    "components_for",
    "edition",
    "faults_of",
    "needs_of",
    "obstacle_of",
    "shown",
]
