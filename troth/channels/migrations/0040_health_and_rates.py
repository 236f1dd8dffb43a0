"""How numbers, accounts and portfolios stand with Meta; what Meta charges; and a passage to ask about every number daily."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Passage, Wall

ID = troth.base.fields.IdField(default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False)
OPTIONS = {"abstract": False, "base_manager_name": "objects"}
ROUTE = "id, workspace_id, number_id, account_id, removed_at, app_secret_hash, previous_app_secret_hash"


def workspace() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        default=troth.workspaces.scope.current_workspace_id,
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="+",
        to="workspaces.workspace",
    )


class Migration(migrations.Migration):
    dependencies = [("channels", "0030_confirms_identity"), ("workspaces", "0050_phones_from")]

    operations = [
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                ("id", ID),
                ("business_id", models.CharField(max_length=64)),
                ("limit", models.CharField(blank=True, default="", max_length=32)),
                ("limit_at", models.DateTimeField(null=True)),
                ("workspace", workspace()),
            ],
            options={
                **OPTIONS,
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "business_id"), name="channels_portfolio_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessAccount",
            fields=[
                ("id", ID),
                ("account_id", models.CharField(max_length=64)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("review", models.CharField(blank=True, default="", max_length=24)),
                ("verification", models.CharField(blank=True, default="", max_length=40)),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "portfolio",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="accounts",
                        to="channels.portfolio",
                    ),
                ),
                ("workspace", workspace()),
            ],
            options={
                **OPTIONS,
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "account_id"), name="channels_account_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelHealth",
            fields=[
                ("id", ID),
                ("overall", models.CharField(blank=True, default="", max_length=16)),
                ("parts", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("throughput", models.CharField(blank=True, default="", max_length=24)),
                ("name_status", models.CharField(blank=True, default="", max_length=32)),
                ("token_expires_at", models.DateTimeField(null=True)),
                ("token_warned_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=32)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                ("workspace", workspace()),
            ],
            options={
                **OPTIONS,
                "constraints": [models.UniqueConstraint(fields=("workspace", "channel"), name="channels_health_once")],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", ID),
                ("currency", models.CharField(max_length=3)),
                ("market", models.CharField(max_length=24)),
                ("category", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("amount", models.DecimalField(decimal_places=6, max_digits=14)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "created_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                ("workspace", workspace()),
            ],
            options={
                **OPTIONS,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "currency", "market", "category", "valid_from"), name="channels_rate_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="channels_rate_not_negative"),
                ],
            },
        ),
        Wall("Portfolio"),
        Wall("BusinessAccount"),
        Wall("ChannelHealth"),
        Wall("Rate"),
        Passage(
            "channels_bound()",
            returns="TABLE (workspace_id uuid, channel_id uuid)",
            body="""
                SELECT c.workspace_id, c.id FROM channels_channel c JOIN workspaces_workspace w ON w.id = c.workspace_id
                WHERE c.kind = 'cloud' AND c.removed_at IS NULL AND c.number_id <> '' AND w.closing_at IS NULL
            """,
            reads={"channels_channel": f"{ROUTE}, kind", "workspaces_workspace": "id, closing_at"},
        ),
    ]
