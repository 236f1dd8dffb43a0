"""The walls, and the passages of the webhook door and of the jobs: whose number is this, which secret signs for it?"""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall

ROUTE = "id, workspace_id, number_id, account_id, removed_at, app_secret_hash, previous_app_secret_hash"


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        Wall("Channel"),
        Wall("ChannelMember"),
        Wall("ChannelTeam"),
        Wall("ChannelNotice"),
        Wall("MessageTemplate"),
        Wall("SendingStop"),
        Wall("TemplateSync"),
        Wall("Portfolio"),
        Wall("BusinessAccount"),
        Wall("ChannelHealth"),
        Wall("Rate"),
        Wall("PhoneSync"),
        Passage(
            "channels_for(numbers text[], accounts text[])",
            returns=(
                "TABLE (channel_id uuid, workspace_id uuid, number_id text, account_id text,"
                " secret_hash bytea, previous_secret_hash bytea)"
            ),
            body="""
                SELECT id, workspace_id, number_id::text, account_id::text, app_secret_hash, previous_app_secret_hash
                FROM channels_channel
                WHERE removed_at IS NULL AND (number_id = ANY(numbers) OR account_id = ANY(accounts))
            """,
            reads={"channels_channel": ROUTE},
        ),
        Passage(
            "number_is_taken(by_number text)",
            returns="boolean",
            body="SELECT EXISTS (SELECT 1 FROM channels_channel WHERE number_id = by_number AND removed_at IS NULL)",
            reads={"channels_channel": ROUTE},
        ),
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
        Passage(
            "template_accounts()",
            returns="TABLE (workspace_id uuid, account_id text)",
            body="""
                SELECT DISTINCT c.workspace_id, c.account_id::text FROM channels_channel c
                JOIN workspaces_workspace w ON w.id = c.workspace_id
                WHERE c.kind = 'cloud' AND c.removed_at IS NULL AND c.number_id <> '' AND w.closing_at IS NULL
            """,
            reads={
                "channels_channel": "id, workspace_id, kind, number_id, account_id, removed_at",
                "workspaces_workspace": "id, closing_at",
            },
        ),
        Passage(
            "channels_bound()",
            returns="TABLE (workspace_id uuid, channel_id uuid)",
            body="""
                SELECT c.workspace_id, c.id FROM channels_channel c JOIN workspaces_workspace w ON w.id = c.workspace_id
                WHERE c.kind = 'cloud' AND c.removed_at IS NULL AND c.number_id <> '' AND w.closing_at IS NULL
            """,
            reads={"channels_channel": f"{ROUTE}, kind", "workspaces_workspace": "id, closing_at"},
        ),
    ]
