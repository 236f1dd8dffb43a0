"""Files that members send: chosen first, then handed over, then part of a message; and how sounds look."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import troth.base.fields
import troth.workspaces.models.base
from troth.workspaces.walls import Passage, Wall

_STATES = [
    (0, "Being fetched"),
    (1, "Here"),
    (2, "Could not be fetched"),
    (3, "Being handed to WhatsApp"),
    (4, "Chosen, and not sent yet"),
]


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_files")]

    operations = [
        migrations.AddField(
            "attachment",
            "conversation",
            troth.workspaces.models.base.SameWorkspaceKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inbox.conversation"
            ),
        ),
        migrations.AddField(
            "attachment",
            "uploader",
            troth.workspaces.models.base.SameWorkspaceKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.membership"
            ),
        ),
        migrations.AddField("attachment", "kind", models.CharField(blank=True, default="", max_length=16)),
        migrations.AddField("attachment", "name", troth.base.fields.SealedText(null=True)),
        migrations.AddField("attachment", "duration_ms", models.IntegerField(null=True)),
        migrations.AddField("attachment", "wave", troth.base.fields.SealedText(null=True)),
        migrations.AlterField(
            "attachment",
            "message",
            troth.workspaces.models.base.SameWorkspaceKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="inbox.message",
            ),
        ),
        migrations.AlterField("attachment", "state", models.SmallIntegerField(choices=_STATES, default=0)),
        migrations.AddConstraint(
            "attachment",
            models.CheckConstraint(
                condition=Q(message__isnull=False) | Q(conversation__isnull=False),
                name="inbox_attachment_belongs_somewhere",
            ),
        ),
        migrations.RemoveIndex("attachment", "inbox_attachment_due"),
        migrations.AddIndex(
            "attachment",
            models.Index(
                fields=["workspace", "next_attempt_at"],
                name="inbox_attachment_due",
                condition=Q(state__in=[0, 3, 4]),
            ),
        ),
        Wall("Attachment"),
        Passage(
            "files_waiting()",
            returns="SETOF uuid",
            body="SELECT workspace_id FROM inbox_attachment WHERE state IN (0, 3, 4) AND next_attempt_at <= now()"
            " UNION SELECT workspace_id FROM media_condemned",
            reads={"inbox_attachment": "workspace_id, state, next_attempt_at", "media_condemned": "workspace_id"},
        ),
    ]
