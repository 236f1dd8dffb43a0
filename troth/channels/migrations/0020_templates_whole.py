"""Templates as Meta holds them, and how far the last look at all of them got."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.fields
import troth.base.ids
import troth.workspaces.scope
from troth.workspaces.walls import Passage, Wall


class Migration(migrations.Migration):
    dependencies = [("channels", "0010_closing"), ("workspaces", "0010_closing")]

    operations = [
        migrations.AddField(
            "messagetemplate", "parameter_format", models.CharField(blank=True, default="", max_length=16)
        ),
        migrations.AddField(
            "messagetemplate", "correct_category", models.CharField(blank=True, default="", max_length=32)
        ),
        migrations.AddField(
            "messagetemplate", "previous_category", models.CharField(blank=True, default="", max_length=32)
        ),
        migrations.AddField("messagetemplate", "category_at", models.DateTimeField(null=True)),
        migrations.AddField("messagetemplate", "advice", troth.base.fields.SealedText(editable=False, null=True)),
        migrations.AddField("messagetemplate", "edits", models.JSONField(default=list)),
        migrations.CreateModel(
            name="TemplateSync",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("seen", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=32)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        default=troth.workspaces.scope.current_workspace_id,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("workspace", "account_id"), name="channels_sync_once")],
            },
        ),
        Wall("TemplateSync"),
        Passage(
            "template_accounts()",
            returns="TABLE (workspace_id uuid, account_id text)",
            body="""
                SELECT DISTINCT c.workspace_id, c.account_id::text FROM channels_channel c
                JOIN workspaces_workspace w ON w.id = c.workspace_id
                WHERE c.kind = 'cloud' AND c.removed_at IS NULL AND c.number_id <> '' AND w.closing_at IS NULL
            """,
            reads={
                "channels_channel": "id, workspace_id, kind, number_id, account_id, removed_at",
                "workspaces_workspace": "id, closing_at",
            },
        ),
    ]
