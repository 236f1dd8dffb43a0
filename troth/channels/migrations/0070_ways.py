"""How a number came here, since when it is bound, and what its phone app hands over."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("channels", "0060_saying"), ("workspaces", "0050_phones_from")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="way",
            field=models.CharField(
                choices=[
                    ("entered", "Entered by hand"),
                    ("signup", "On Meta's own page"),
                    ("phone", "With the phone app"),
                ],
                db_default="entered",
                default="entered",
                max_length=8,
            ),
        ),
        migrations.AddField("channel", "on_phone_app", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("channel", "connected_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="PhoneSync",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("contacts", "Contacts"), ("history", "Old messages")], max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "Will be asked for"),
                            ("asked", "Asked for"),
                            ("running", "Coming in"),
                            ("done", "Complete"),
                            ("declined", "Not shared"),
                            ("late", "Too late"),
                            ("failed", "Refused"),
                        ],
                        default="wanted",
                        max_length=8,
                    ),
                ),
                ("code", models.IntegerField(null=True)),
                ("progress", models.SmallIntegerField(default=0)),
                ("phase", models.SmallIntegerField(null=True)),
                ("count", models.IntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="phone_syncs", to="channels.channel"
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
                    models.UniqueConstraint(fields=("workspace", "channel", "kind"), name="channels_phonesync_once")
                ],
            },
        ),
        Wall("PhoneSync"),
    ]
