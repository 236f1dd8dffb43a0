"""People are merged and parted again; an id knows the account that named it."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_restriction"), ("workspaces", "0050_phones_from")]

    operations = [
        migrations.AddField(
            "Identity", "account", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=32)),
                ("lent", models.CharField(blank=True, default="", max_length=16)),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "kept",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "merged",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "undone_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
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
                        condition=models.Q(("undone_at", None)),
                        fields=("workspace", "merged"),
                        name="contacts_merge_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contacts_merge_undone_pair",
                    ),
                ],
            },
        ),
        Wall("Merge"),
    ]
