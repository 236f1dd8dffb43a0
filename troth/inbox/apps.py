from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    name = "troth.inbox"
    label = "inbox"

    def ready(self) -> None:
        # Apps and settings are ready only now.
        from troth.channels.waiting import count_with  # noqa: PLC0415
        from troth.inbox import cookies, digests, folding  # noqa: PLC0415
        from troth.inbox.outbox import waiting_from  # noqa: PLC0415
        from troth.inbox.saying import not_said  # noqa: PLC0415
        from troth.inbox.send import restored  # noqa: PLC0415
        from troth.ui.slots import RailEntry, register_rail  # noqa: PLC0415

        cookies.declare()
        digests.declare()
        folding.connect()
        not_said.declare_mails()
        restored.connect()
        count_with(waiting_from)
        register_rail(RailEntry(key="inbox", label=_("Inbox"), icon="inbox", url=_address, position=10, shortcut="g i"))


def _address(request: HttpRequest) -> str | None:
    from troth.workspaces.access import handle_of  # noqa: PLC0415

    handle = handle_of(request)
    return reverse("inbox", args=[handle]) if handle else None
