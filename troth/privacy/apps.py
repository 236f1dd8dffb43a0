from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "troth.privacy"
    label = "privacy"

    def ready(self) -> None:
        # Models are ready only now.
        from troth.privacy.policy import ready as policy  # noqa: PLC0415

        policy.connect()
