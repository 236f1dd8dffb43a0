"""How much came in, and what became of it."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("channels", "0010_closing"), ("inbox", "0007_files_sent"), ("workspaces", "0050_phones_from")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("outcome", models.CharField(max_length=8)),
                ("rule", models.CharField(blank=True, default="", max_length=40)),
                ("count", models.BigIntegerField(default=0)),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
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
                    models.UniqueConstraint(
                        fields=("workspace", "channel", "day", "outcome", "rule"), name="inbox_tally_once"
                    )
                ],
            },
        ),
        Wall("Tally"),
    ]
