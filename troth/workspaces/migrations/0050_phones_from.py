"""From which role on phone numbers are shown in full, told on the way in."""

from django.db import migrations, models

from troth.workspaces.walls import Passage


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0010_closing")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="phones_from",
            field=models.CharField(
                choices=[("owner", "Owner"), ("admin", "Admin"), ("agent", "Agent"), ("viewer", "Viewer")],
                default="agent",
                max_length=8,
            ),
        ),
        migrations.RunSQL("DROP FUNCTION workspace_enter(text, uuid)", migrations.RunSQL.noop),
        Passage(
            "workspace_enter(by_handle text, by_user uuid)",
            returns=(
                "TABLE (workspace_id uuid, membership_id uuid, role text, since timestamptz,"
                " name bytea, workspace_since timestamptz, founder uuid, phones_from text)"
            ),
            body="""
                SELECT w.id, m.id, m.role::text, m.created_at, w.name, w.created_at, w.created_by_id, w.phones_from::text
                FROM workspaces_workspace w JOIN workspaces_membership m ON m.workspace_id = w.id
                WHERE w.handle = by_handle AND m.user_id = by_user AND m.removed_at IS NULL
            """,
            reads={
                "workspaces_workspace": "id, handle, name, created_at, created_by_id, phones_from",
                "workspaces_membership": "id, workspace_id, user_id, role, created_at, removed_at",
            },
        ),
    ]
