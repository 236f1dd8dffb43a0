from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "troth.workspaces"
    label = "workspaces"

    def ready(self) -> None:
        # Models are ready only now.
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415

        from troth.ui.slots import RailEntry, register_banner, register_rail  # noqa: PLC0415
        from troth.workspaces import banners, mail_types, receivers, restored  # noqa: PLC0415
        from troth.workspaces.rail import settings_url  # noqa: PLC0415

        receivers.connect()
        restored.connect()
        mail_types.declare()
        register_banner(banners.banners)
        register_rail(RailEntry(key="settings", label=_("Settings"), icon="settings", url=settings_url, position=100))
