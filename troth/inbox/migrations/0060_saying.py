"""Messages for a later time, what customers were told of reading and writing, and finding our reactions by their message."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Passage, Wall


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0050_prices_and_refused_windows"),
        ("workspaces", "0050_phones_from"),
    ]

    operations = [
        migrations.AddField("conversation", "told_read_id", models.UUIDField(null=True)),
        migrations.AddField("conversation", "told_typing_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("kind", "reaction")),
                fields=["workspace", "conversation", "quote_hash"],
                name="inbox_message_reactions",
            ),
        ),
        migrations.CreateModel(
            name="ScheduledMessage",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("content", troth.base.fields.SealedJSON()),
                ("quoted_id", models.UUIDField(null=True)),
                ("send_at", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                (
                    "state",
                    models.SmallIntegerField(choices=[(0, "Waits for its time"), (1, "Was not sent")], default=0),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=16)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "author",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.membership"
                    ),
                ),
                (
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scheduled", to="inbox.conversation"
                    ),
                ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", 0)), fields=["workspace", "send_at"], name="inbox_scheduled_due"
                    ),
                    models.Index(fields=["workspace", "conversation"], name="inbox_scheduled_thread"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "client_id"), name="inbox_scheduled_once")
                ],
            },
        ),
        Wall("ScheduledMessage"),
        Passage(
            "scheduled_due(instant timestamptz)",
            returns="SETOF uuid",
            body="SELECT DISTINCT workspace_id FROM inbox_scheduledmessage WHERE state = 0 AND send_at <= instant",
            reads={"inbox_scheduledmessage": "workspace_id, state, send_at"},
        ),
    ]
