"""Asking for an account's templates to be read anew: by a person, by the day, or since news told less than all."""

from django.db import transaction

from troth.base.clock import now
from troth.base.jobs import defer
from troth.channels.models import TemplateSync
from troth.workspaces.scope import current_workspace_id

AFTER_NEWS_S = 5  # of several news that come together, the first asks for all


def ask_for_sync(account_id: str, *, delay_s: int = AFTER_NEWS_S) -> TemplateSync | None:
    """Let the templates of an account be read anew, unless that was asked already. None for no account."""
    if not account_id:
        return None
    found = sync_of(account_id)
    if found is None:
        with transaction.atomic():
            TemplateSync.objects.bulk_create([TemplateSync(account_id=account_id)], ignore_conflicts=True)
        found = TemplateSync.objects.get(account_id=account_id)
    if found.asked_at is None or not found.is_running:
        found.asked_at = now()
        found.save(update_fields=["asked_at"])
        defer("templates.sync", delay_s=delay_s, workspace_id=str(current_workspace_id()), sync_id=str(found.pk))
    return found


def sync_of(account_id: str) -> TemplateSync | None:
    """Return how far the last look at an account's templates got."""
    return TemplateSync.objects.filter(account_id=account_id).first()
