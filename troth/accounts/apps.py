from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.accounts"
    label = "accounts"

    def ready(self) -> None:
        # Models and settings are ready only now.
        from troth.accounts import cookies, hosts, mail_types, restored  # noqa: PLC0415
        from troth.accounts.receivers import connect  # noqa: PLC0415

        connect()
        cookies.declare()
        hosts.declare()
        mail_types.declare()
        restored.connect()
