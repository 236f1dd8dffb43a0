"""Whom a number has blocked."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0040_folded"),
        ("channels", "0030_confirms_identity"),
        ("contacts", "0021_security_codes"),
        ("workspaces", "0050_phones_from"),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "contact",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
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
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "channel", "contact"), name="inbox_block_once")
                ],
            },
        ),
        Wall("Block"),
    ]
