"""The ui app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and behaviours that every screen shares."""

    name = "troth.ui"
    label = "ui"

    def ready(self) -> None:
        from troth.ui.cookies import declare  # noqa: PLC0415  # settings are ready only now

        declare()
