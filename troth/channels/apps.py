from uuid import UUID

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "troth.channels"
    label = "channels"

    def ready(self) -> None:
        from troth.channels import mails  # noqa: PLC0415
        from troth.channels.banner import QUESTION, banners  # noqa: PLC0415
        from troth.channels.models import Channel  # noqa: PLC0415  # models exist only now
        from troth.channels.registry import declare_hosts  # noqa: PLC0415
        from troth.realtime.authority import register_sight  # noqa: PLC0415
        from troth.ui.slots import register_pages  # noqa: PLC0415
        from troth.workspaces.banners import register_workspace_banner  # noqa: PLC0415
        from troth.workspaces.models import Membership  # noqa: PLC0415

        def sight(member: Membership) -> frozenset[UUID]:
            return frozenset(Channel.objects.visible_to(member).values_list("id", flat=True))

        declare_hosts()
        mails.declare()
        register_sight(sight)
        register_workspace_banner(QUESTION, banners)
        register_pages("channels", under="settings")
