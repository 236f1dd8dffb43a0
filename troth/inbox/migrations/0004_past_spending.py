import django.db.models.deletion
from django.db import migrations, models

import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0003_alerts_and_pieces_of_histories"),
        ("inbox", "0003_newest_gaps"),
        ("workspaces", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastSpending",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("category", models.CharField(blank=True, default="", max_length=64)),
                ("kind", models.CharField(blank=True, default="", max_length=64)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("failed", models.BooleanField(default=False)),
                ("delivered", models.BooleanField(default=False)),
                ("count", models.BigIntegerField(default=0)),
                (
                    "author",
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
                        fields=(
                            "workspace",
                            "day",
                            "channel",
                            "author",
                            "category",
                            "kind",
                            "country",
                            "failed",
                            "delivered",
                        ),
                        name="inbox_pastspending_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        Wall("PastSpending"),
    ]
