"""The door is told which addresses belong to a workspace that is being deleted: what comes there is answered and dropped."""

from django.db import migrations

from troth.workspaces.walls import Passage

ROUTE = "id, workspace_id, number_id, account_id, removed_at, app_secret_hash, previous_app_secret_hash"


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_sendingstop"), ("workspaces", "0010_closing")]

    operations = [
        migrations.RunSQL("DROP FUNCTION channel_door(uuid)", migrations.RunSQL.noop),
        Passage(
            "channel_door(which uuid)",
            returns=(
                "TABLE (workspace_id uuid, app_secret bytea, app_secret_hash bytea,"
                " previous_app_secret bytea, previous_app_secret_hash bytea, verify_token bytea, closing boolean)"
            ),
            body="""
                SELECT c.workspace_id, c.app_secret, c.app_secret_hash, c.previous_app_secret,
                       c.previous_app_secret_hash, c.verify_token, w.closing_at IS NOT NULL
                FROM channels_channel c JOIN workspaces_workspace w ON w.id = c.workspace_id
                WHERE c.id = which AND c.kind = 'cloud' AND (c.removed_at IS NULL OR w.closing_at IS NOT NULL)
            """,
            reads={
                "channels_channel": f"{ROUTE}, kind, app_secret, previous_app_secret, verify_token",
                "workspaces_workspace": "id, closing_at",
            },
            to="troth_app, troth_door",
        ),
    ]
