from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "troth.privacy"
    label = "privacy"

    def ready(self) -> None:
        from troth.privacy.rights.starting import begin  # noqa: PLC0415  # models are ready only now

        begin()
