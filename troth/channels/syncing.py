"""Bringing the templates of an account up to date: all pages of Meta's list, what is gone taken out. Safe to repeat.

Webhooks keep the list current in between (`notices.py`); a fact that a webhook brought later than the list was asked for
is the newer one.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.logs import CODE, ID, declare, event
from troth.channels import alerts, registry
from troth.channels.connecting import link_of
from troth.channels.definition.samples import with_samples
from troth.channels.link import Link
from troth.channels.models import Channel, MessageTemplate, TemplateSync
from troth.channels.sync_wanted import ask_for_sync
from troth.workspaces.scope import scope

NOT_CONNECTED, TOO_MANY = "not_connected", "too_many"

log = logging.getLogger(__name__)
declare("templates.not_synced", level=logging.WARNING, workspace_id=ID, sync_id=ID, reason=CODE)


def sync(workspace_id: str, sync_id: str) -> None:
    """Read all templates of an account. A second run at the same time does no harm."""
    workspace, id = UUID(workspace_id), UUID(sync_id)
    with scope(workspace):
        begun = _begin(id)
    if begun is None:
        return
    link, began = begun
    problem = _read_all(workspace, id, link, began) if link else NOT_CONNECTED
    with scope(workspace):
        TemplateSync.objects.filter(pk=id).update(ended_at=now(), problem=problem)
    if problem:
        event(log, "templates.not_synced", workspace_id=workspace, sync_id=id, reason=problem)


def sync_all(timestamp: int = 0) -> None:
    """Ask for a look at the templates of every connected account, one after the other. `timestamp` is what the job queue
    passes to every scheduled job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, account_id FROM template_accounts()")
        accounts = sorted(cursor.fetchall())
    for number, (workspace, account) in enumerate(accounts):
        with scope(workspace):
            ask_for_sync(account, delay_s=number)


def stamp_of(at: datetime, source: str) -> str:
    """Return the stamp of facts that we asked for at an instant. News of that very second count as later: Meta tells whole
    seconds, and a dash sorts before every hash."""
    return f"{at.replace(microsecond=0).isoformat()} -{source}"


def mark(template: MessageTemplate, status: str) -> None:
    """Keep what we had Meta do with a template before its news of that comes, which comes in any order."""
    template.status, template.reason = status, ""
    template.changed_at = {**template.changed_at, "status": stamp_of(now(), status.lower())}
    template.save(update_fields=["status", "reason", "changed_at"])


def speaker_for(account_id: str) -> Channel | None:
    """Return a connected number of the account, by whose token we may ask."""
    bound = Channel.objects.filter(account_id=account_id, removed_at=None).exclude(number_id="").order_by("id")
    return next((one for one in bound if one.token), None)


def _begin(id: UUID) -> tuple[Link | None, datetime] | None:
    found = TemplateSync.objects.filter(pk=id).first()
    if found is None:
        return None
    began = now()
    TemplateSync.objects.filter(pk=id).update(asked_at=None, began_at=began, ended_at=None, seen=0, problem="")
    channel = speaker_for(found.account_id)
    return (link_of(channel) if channel else None), began


def _read_all(workspace: UUID, id: UUID, link: Link, began: datetime) -> str:
    """Keep every page and drop what is on none. Returns why it ended early, empty for the end of the list."""
    seen: set[tuple[str, str]] = set()
    after: str | None = None
    for _page in range(registry.TEMPLATE_PAGES_MAX):
        asked = now()
        listed = registry.templates_page(link, after)
        if not listed.check.ok:
            return listed.check.code[:32]
        with scope(workspace):
            seen |= _keep(link.account_id, listed.nodes, asked)
            TemplateSync.objects.filter(pk=id).update(seen=len(seen))
        after = listed.after
        if after is None:
            with scope(workspace):
                _drop_others(link.account_id, seen, began)
            return ""
    return TOO_MANY


def _keep(account: str, nodes: Sequence[dict[str, Any]], asked: datetime) -> set[tuple[str, str]]:
    told = {_key(node): node for node in nodes if node.get("name") and node.get("language")}
    names = {name for name, _language in told}
    known = {
        (one.name, one.language): one
        for one in MessageTemplate.objects.select_for_update(no_key=True).filter(account_id=account, name__in=names)
    }
    for key, node in told.items():
        template = known.get(key) or MessageTemplate(account_id=account, name=key[0], language=key[1])
        stood = alerts.standing_of(template)
        if take(template, node, stamp=stamp_of(asked - timedelta(seconds=1), "list")):
            if key in known:
                alerts.tell_of_template(stood, template)
            template.save()
    return set(told)


def take(template: MessageTemplate, node: dict[str, Any], *, stamp: str) -> bool:
    """Let a template follow what Meta says of it, where nothing newer is known. Returns whether anything changed."""
    score = node.get("quality_score")
    facts: dict[str, dict[str, Any]] = {
        "status": {"status": _word(node.get("status"), 32), "reason": _word(node.get("rejected_reason"), 64)},
        "category": {
            "category": _word(node.get("category"), 32),
            "previous_category": _word(node.get("previous_category"), 32),
        },
        "announced": {"correct_category": _word(node.get("correct_category"), 32)},
        "quality": {"quality": _word(score.get("score"), 16) if isinstance(score, dict) else ""},
        "components": {
            "components": with_samples(_listed(node.get("components")), template.components),
            "parameter_format": _word(node.get("parameter_format"), 16),
        },
        "id": {"external_id": _word(node.get("id"), 64)},
    }
    if facts["announced"]["correct_category"] == facts["category"]["category"]:
        facts["announced"] = {"correct_category": "", "category_at": None}
    changed = template._state.adding
    for aspect, columns in facts.items():
        if template.changed_at.get(aspect, "") > stamp:
            continue
        if aspect == "status" and columns["status"] == template.status:
            columns = {"status": columns["status"]}  # a webhook's reason says more than the list's
        if any(getattr(template, column) != value for column, value in columns.items()):
            changed = True
            template.changed_at = {**template.changed_at, aspect: stamp}
            for column, value in columns.items():
                setattr(template, column, value)
    return changed


def _drop_others(account: str, seen: set[tuple[str, str]], began: datetime) -> None:
    """Take out what Meta no longer lists. What a webhook told of meanwhile stays: it may be newer than the list."""
    since = stamp_of(began, "")
    for one in MessageTemplate.objects.filter(account_id=account).defer("components", "advice"):
        if (one.name, one.language) not in seen and max(one.changed_at.values(), default="") < since:
            one.delete()


def _key(node: dict[str, Any]) -> tuple[str, str]:
    return str(node["name"])[:512], str(node["language"]).replace("-", "_")[:16]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: Any, most: int) -> str:
    return value[:most] if isinstance(value, str) and value.upper() != "NONE" else ""
