from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "troth.reports"
    label = "reports"

    def ready(self) -> None:
        from troth.ui.slots import register_pages  # noqa: PLC0415  # apps are ready only now

        register_pages("reports", under="settings")
