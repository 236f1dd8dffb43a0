"""The walls, and the passages of logging in, of invitations and of streams, which are asked before a scope exists."""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial")]

    operations = [
        Wall("Workspace", column="id"),
        Wall("Membership"),
        Wall("Team"),
        Wall("TeamMember"),
        Wall("Invitation"),
        Passage(
            "workspaces_of(by_user uuid)",
            returns="TABLE (workspace_id uuid, membership_id uuid, handle text)",
            body="""
                SELECT w.id, m.id, w.handle::text
                FROM workspaces_membership m JOIN workspaces_workspace w ON w.id = m.workspace_id
                WHERE m.user_id = by_user AND m.removed_at IS NULL
                ORDER BY m.id
            """,
            reads={"workspaces_membership": "id, workspace_id, user_id, role, removed_at"},
        ),
        Passage(
            "memberships_alive(ids uuid[])",
            returns="TABLE (membership_id uuid)",
            body="SELECT id FROM workspaces_membership WHERE id = ANY(ids) AND removed_at IS NULL",
            reads={"workspaces_membership": "id, workspace_id, user_id, role, removed_at"},
        ),
        Passage(
            "invitation_by_token(by_hash bytea)",
            returns="TABLE (workspace_id uuid, invitation_id uuid)",
            body="""
                SELECT workspace_id, id FROM workspaces_invitation WHERE token_hash = by_hash
            """,
            reads={"workspaces_invitation": "id, workspace_id, token_hash"},
        ),
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
