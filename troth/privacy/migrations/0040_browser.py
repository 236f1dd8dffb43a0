"""Counters of use with their walls, and Meta's callbacks."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Passage, Wall


def _id() -> tuple[str, models.Field]:
    field = troth.base.fields.IdField(default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False)
    return ("id", field)


def _workspace() -> tuple[str, models.Field]:
    field = models.ForeignKey(
        db_index=False,
        default=troth.workspaces.scope.current_workspace_id,
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="+",
        to="workspaces.workspace",
    )
    return ("workspace", field)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0031_owners"), ("workspaces", "0004_enter_at_once")]

    operations = [
        migrations.CreateModel(
            name="UsageCount",
            fields=[
                _id(),
                ("day", models.DateField()),
                ("event", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
                _workspace(),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "day", "event"), name="privacy_usagecount_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageOptOut",
            fields=[
                _id(),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                _workspace(),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("workspace",), name="privacy_usageoptout_once")],
            },
        ),
        migrations.CreateModel(
            name="MetaRequest",
            fields=[
                _id(),
                ("kind", models.CharField(max_length=12)),
                ("person_hash", troth.base.fields.HashField()),
                ("request_hash", troth.base.fields.HashField(unique=True)),
                ("case_id", models.UUIDField(null=True)),
                ("received_at", models.DateTimeField(default=troth.base.clock.now)),
            ],
        ),
        Wall("UsageCount"),
        Wall("UsageOptOut"),
        Passage(
            "usage_totals(since date)",
            returns="TABLE (day date, event text, count bigint)",
            body="""
                SELECT u.day, u.event::text, sum(u.count)::bigint FROM privacy_usagecount u WHERE u.day >= since
                GROUP BY u.day, u.event HAVING count(DISTINCT u.workspace_id) >= 10
            """,
            reads={"privacy_usagecount": "workspace_id, day, event, count"},
        ),
    ]
