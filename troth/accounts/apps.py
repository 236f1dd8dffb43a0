from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "troth.accounts"
    label = "accounts"

    def ready(self) -> None:
        from troth.accounts import cookies, mail_types  # noqa: PLC0415  # settings are ready only now
        from troth.accounts.receivers import connect  # noqa: PLC0415  # models are ready only now

        connect()
        cookies.declare()
        mail_types.declare()
