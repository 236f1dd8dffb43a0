from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "troth.privacy"
    label = "privacy"

    def ready(self) -> None:
        from troth.privacy.browser.usage import events  # noqa: PLC0415  # apps are ready only now
        from troth.ui.slots import register_pages  # noqa: PLC0415

        events.declare()
        register_pages("usage", under="settings")
