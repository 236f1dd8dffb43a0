"""The send lane looks across walls once: which numbers have something to send?"""

from django.db import migrations

from troth.workspaces.walls import Passage


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_walls")]

    operations = [
        Passage(
            "outbox_waiting()",
            returns="TABLE (workspace_id uuid, channel_id uuid)",
            body="SELECT DISTINCT workspace_id, channel_id FROM inbox_message WHERE status IN (10, 20)",
            reads={"inbox_message": "workspace_id, channel_id, status"},
        )
    ]
