"""The walls, and the passages of the webhook door: whose number is this, and which secret signs for it?"""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall

ROUTE = "id, workspace_id, number_id, account_id, app_secret_hash, previous_app_secret_hash, removed_at"


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        Wall("Channel"),
        Wall("ChannelMember"),
        Wall("ChannelTeam"),
        Wall("ChannelNotice"),
        Wall("MessageTemplate"),
        Passage(
            "channel_door(which uuid)",
            returns=(
                "TABLE (workspace_id uuid, app_secret bytea, app_secret_hash bytea,"
                " previous_app_secret bytea, previous_app_secret_hash bytea, verify_token bytea)"
            ),
            body="""
                SELECT workspace_id, app_secret, app_secret_hash, previous_app_secret, previous_app_secret_hash,
                       verify_token
                FROM channels_channel WHERE id = which AND kind = 'cloud' AND removed_at IS NULL
            """,
            reads={"channels_channel": f"{ROUTE}, kind, app_secret, previous_app_secret, verify_token"},
            to="troth_app, troth_door",
        ),
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
    ]
