"""Entering a workspace tells the role and the sealed name too, so that it takes one question instead of two."""

from django.db import migrations

from troth.workspaces.walls import Passage


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0003_invitation_sends")]

    operations = [
        migrations.RunSQL("DROP FUNCTION workspace_enter(text, uuid)", migrations.RunSQL.noop),
        Passage(
            "workspace_enter(by_handle text, by_user uuid)",
            returns=(
                "TABLE (workspace_id uuid, membership_id uuid, role text, since timestamptz,"
                " name bytea, workspace_since timestamptz, founder uuid)"
            ),
            body="""
                SELECT w.id, m.id, m.role::text, m.created_at, w.name, w.created_at, w.created_by_id
                FROM workspaces_workspace w JOIN workspaces_membership m ON m.workspace_id = w.id
                WHERE w.handle = by_handle AND m.user_id = by_user AND m.removed_at IS NULL
            """,
            reads={
                "workspaces_workspace": "id, handle, name, created_at, created_by_id",
                "workspaces_membership": "id, workspace_id, user_id, role, created_at, removed_at",
            },
        ),
    ]
