import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_walls"),
        ("workspaces", "0002_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="phonesync",
            name="chunks",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="DueAlert",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("limit", "How many people may be written to first in a day is different now."),
                            ("quality", "The quality of a number is different now."),
                            ("speed", "How fast a number may send is different now."),
                            ("name", "The name that customers see was reviewed."),
                            ("approved", "A template was approved."),
                            ("template", "A template was rejected, paused, switched off, or is liked less."),
                            ("category", "A template is put into another category, which may cost more."),
                            ("notice", "Meta has a notice about an account."),
                            ("review", "An account was reviewed."),
                            (
                                "over",
                                "What stood against an account is over. What waited because of it leaves by itself.",
                            ),
                            (
                                "pin",
                                "A number's PIN was changed, or somebody asked to take it off. If that was nobody of yours, act now.",
                            ),
                            ("history", "Old messages of the phone app did not all come."),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
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
                "constraints": [models.UniqueConstraint(fields=("workspace", "about"), name="channels_duealert_once")],
            },
        ),
        Wall("DueAlert"),
    ]
