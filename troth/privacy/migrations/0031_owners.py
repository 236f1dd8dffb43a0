"""Who has to hear of a new policy: a passage that tells which people own a workspace, and nothing of which one."""

from django.db import migrations

from troth.workspaces.walls import Passage


class Migration(migrations.Migration):
    dependencies = [("privacy", "0030_policy"), ("workspaces", "0004_enter_at_once")]

    operations = [
        Passage(
            "owners_of_all()",
            returns="TABLE (user_id uuid)",
            body="""
                SELECT DISTINCT m.user_id FROM workspaces_membership m WHERE m.role = 'owner' AND m.removed_at IS NULL
            """,
            reads={"workspaces_membership": "id, workspace_id, user_id, role, removed_at"},
        )
    ]
