from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "troth.privacy"
    label = "privacy"

    def ready(self) -> None:
        # Models are ready only now.
        from troth.privacy.browser.usage import events  # noqa: PLC0415
        from troth.privacy.datamap.links import register  # noqa: PLC0415
        from troth.privacy.forgetting import look, steps, telling  # noqa: PLC0415
        from troth.privacy.policy import ready as policy  # noqa: PLC0415
        from troth.privacy.rights.starting import begin  # noqa: PLC0415
        from troth.privacy.words import name_all  # noqa: PLC0415
        from troth.ui.slots import register_pages  # noqa: PLC0415

        name_all()
        register()
        register_pages("datamap", under="settings")
        register_pages("forgetting", under="settings")
        steps.connect()
        telling.declare()
        look.register()
        begin()
        policy.connect()
        events.declare()
        register_pages("usage", under="settings")
