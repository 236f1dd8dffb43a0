"""The ui app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and behaviours that every screen shares."""

    name = "troth.ui"
    label = "ui"
