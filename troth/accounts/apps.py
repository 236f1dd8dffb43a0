from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.accounts"
    label = "accounts"

    def ready(self) -> None:
        from troth.accounts.hosts import declare  # noqa: PLC0415
        from troth.accounts.receivers import connect  # noqa: PLC0415  # models are ready only now

        connect()
        declare()
