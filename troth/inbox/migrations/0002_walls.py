"""The walls, the passages of the lanes and jobs, and what happens to a file whose row goes."""

from django.db import migrations

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
        ("inbox", "0001_initial"),
        ("channels", "0002_walls"),
        ("contacts", "0002_walls"),
        ("media", "0002_walls"),
    ]

    operations = [
        Wall("Conversation"),
        Wall("Message"),
        Wall("Reaction"),
        Wall("PendingChange"),
        Wall("Gap"),
        Wall("Activity"),
        Wall("Draft"),
        Wall("Attachment"),
        Wall("Tally"),
        Wall("Block"),
        Wall("ScheduledMessage"),
        migrations.RunSQL(CONDEMN, reverse_sql="DROP FUNCTION condemn_file() CASCADE"),
        Passage(
            "outbox_waiting()",
            returns="TABLE (workspace_id uuid, channel_id uuid)",
            body="SELECT DISTINCT workspace_id, channel_id FROM inbox_message WHERE status IN (10, 20)",
            reads={"inbox_message": "workspace_id, channel_id, status"},
        ),
        Passage(
            "files_waiting()",
            returns="SETOF uuid",
            body="SELECT workspace_id FROM inbox_attachment WHERE state IN (0, 3, 4) AND next_attempt_at <= now()"
            " UNION SELECT workspace_id FROM media_condemned",
            reads={"inbox_attachment": "workspace_id, state, next_attempt_at", "media_condemned": "workspace_id"},
        ),
        Passage(
            "scheduled_due(instant timestamptz)",
            returns="SETOF uuid",
            body="SELECT DISTINCT workspace_id FROM inbox_scheduledmessage WHERE state = 0 AND send_at <= instant",
            reads={"inbox_scheduledmessage": "workspace_id, state, send_at"},
        ),
    ]
