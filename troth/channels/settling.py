"""Asking all steps of a connection without anybody looking on: of further numbers that were chosen together with one."""

from uuid import UUID

from troth.channels import registry
from troth.channels.connecting import STEPS, link_of, next_step, record
from troth.channels.models import Channel
from troth.workspaces.scope import scope


def settle(workspace_id: str, channel_id: str) -> None:
    """Ask every step of a number that was not asked yet, until one fails that the others stand on. Safe to run twice."""
    workspace, channel_at = UUID(workspace_id), UUID(channel_id)
    for _step in STEPS:
        with scope(workspace):
            channel = Channel.objects.filter(pk=channel_at).first()
            step = next_step(channel) if channel is not None and channel.token else None
            link = link_of(channel) if channel is not None and step is not None else None
        if step is None or link is None:
            return
        check = registry.ask(step, link)
        with scope(workspace):
            if Channel.objects.filter(pk=channel_at).exists():
                channel_at = record(step, check, link=link).pk
