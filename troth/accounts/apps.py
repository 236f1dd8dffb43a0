from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.accounts"
    label = "accounts"

    def ready(self) -> None:
        from troth.accounts import receivers, restored  # noqa: PLC0415  # models are ready only now

        receivers.connect()
        restored.connect()
