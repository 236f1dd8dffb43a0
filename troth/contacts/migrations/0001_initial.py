import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", troth.base.fields.SealedText(editable=False, null=True)),
                ("profile_name", troth.base.fields.SealedText(editable=False, null=True)),
                ("username", troth.base.fields.SealedText(editable=False, null=True)),
                ("profile_at", models.DateTimeField(null=True)),
                (
                    "name_tokens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("is_group", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("message", "A message"), ("phone_app", "The phone app's address book")],
                        db_default="message",
                        default="message",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                ("erasing_at", models.DateTimeField(null=True)),
                ("disputed_at", models.DateTimeField(null=True)),
                ("objected_at", models.DateTimeField(null=True)),
                ("security_hash", troth.base.fields.SealedText(editable=False, null=True)),
                ("security_at", models.DateTimeField(null=True)),
                ("security_changed_at", models.DateTimeField(null=True)),
                ("security_confirmed_at", models.DateTimeField(null=True)),
                (
                    "merged_into",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="contacts.contact"
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
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category", models.CharField(max_length=32)),
                ("value", models.CharField(max_length=16)),
                ("source", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("once_hash", troth.base.fields.HashField()),
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
                (
                    "contact",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="contacts.contact"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["workspace", "contact", "category", "-at"], name="contacts_consent_latest")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "once_hash"), name="contacts_consent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("bsuid", "WhatsApp id for this business"),
                            ("parent_bsuid", "WhatsApp id for the parent business"),
                            ("group", "Group"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", troth.base.fields.SealedText(editable=False)),
                ("value_hash", troth.base.fields.HashField()),
                ("account", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("valid_from", models.DateTimeField(default=troth.base.clock.now)),
                ("valid_to", models.DateTimeField(null=True)),
                ("source", models.CharField(default="message", max_length=16)),
                ("hash_form", models.SmallIntegerField(db_default=2, default=2)),
                (
                    "contact",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="contacts.contact"
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
                "indexes": [
                    models.Index(fields=["workspace", "value_hash"], name="contacts_identity_hash"),
                    models.Index(fields=["workspace", "contact"], name="contacts_identity_contact"),
                    models.Index(
                        condition=models.Q(("hash_form", 1)),
                        fields=["workspace", "id"],
                        name="contacts_identity_old_hash",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("workspace", "kind", "value_hash"),
                        name="contacts_identity_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=32)),
                ("seen_at", models.DateTimeField(default=troth.base.clock.now)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "first",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "second",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "settled_by",
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
                    models.UniqueConstraint(fields=("workspace", "first", "second"), name="contacts_likeness_once")
                ],
            },
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
    ]
