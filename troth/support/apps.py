from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "troth.support"
    label = "support"

    def ready(self) -> None:
        # Models are ready only now.
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415

        from troth.base.figures import register_figure  # noqa: PLC0415
        from troth.base.holding import register_holder  # noqa: PLC0415
        from troth.support import entries, holds, look, mails, receivers, restored  # noqa: PLC0415
        from troth.support.banner import QUESTION, banners  # noqa: PLC0415
        from troth.support.registers import disclosure_counts  # noqa: PLC0415
        from troth.support.words import name_all  # noqa: PLC0415
        from troth.ui.slots import register_pages  # noqa: PLC0415
        from troth.workspaces.banners import register_workspace_banner  # noqa: PLC0415

        name_all()
        mails.declare()
        look.register()
        entries.register()
        register_holder(holds.held)
        receivers.connect()
        restored.connect()
        register_workspace_banner(QUESTION, banners)
        register_pages("support", under="settings")
        register_figure("disclosures", disclosure_counts, label=_("Demands by authorities"))
