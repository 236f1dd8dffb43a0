"""Files of messages."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Passage, Wall

# Whatever deletes a row, and however: its file is noted in the same transaction, and goes within a minute.
CONDEMN = """
CREATE FUNCTION condemn_file() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO media_condemned (id, workspace_id, at) VALUES (OLD.id, OLD.workspace_id, now()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER condemn_file AFTER DELETE ON inbox_attachment FOR EACH ROW EXECUTE FUNCTION condemn_file();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0005_farewell"),
        ("media", "0001_files"),
        ("workspaces", "0050_phones_from"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(0, "Being fetched"), (1, "Here"), (2, "Could not be fetched")], default=0
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=24)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=troth.base.clock.now, null=True)),
                ("mime", models.CharField(blank=True, default="", max_length=100)),
                ("size_bytes", models.BigIntegerField(null=True)),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                ("has_preview", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "message",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="inbox.message"
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
                        condition=models.Q(("state", 0)),
                        fields=["workspace", "next_attempt_at"],
                        name="inbox_attachment_due",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("workspace", "message"), name="inbox_attachment_once")],
            },
        ),
        Wall("Attachment"),
        migrations.RunSQL(CONDEMN, reverse_sql="DROP FUNCTION condemn_file() CASCADE"),
        Passage(
            "files_waiting()",
            returns="SETOF uuid",
            body="SELECT workspace_id FROM inbox_attachment WHERE state = 0 AND next_attempt_at <= now()"
            " UNION SELECT workspace_id FROM media_condemned",
            reads={"inbox_attachment": "workspace_id, state, next_attempt_at", "media_condemned": "workspace_id"},
        ),
    ]
