"""Contacts can be restricted and forgotten, and stay forgotten."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.fields
import troth.base.ids
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_walls")]

    operations = [
        migrations.AddField("Contact", "erasing_at", models.DateTimeField(null=True)),
        migrations.AddField("Contact", "disputed_at", models.DateTimeField(null=True)),
        migrations.AddField("Contact", "objected_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("value_hash", troth.base.fields.HashField()),
                ("erased_at", models.DateTimeField()),
                ("erasure_id", models.UUIDField()),
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
                        fields=("workspace", "value_hash", "kind", "erasure_id"), name="contacts_suppression_once"
                    )
                ],
            },
        ),
        Wall("Suppression"),
    ]
