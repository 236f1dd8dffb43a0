import django.db.models.deletion
from django.conf import settings
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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MetaRequest",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("person_hash", troth.base.fields.HashField()),
                ("request_hash", troth.base.fields.HashField(unique=True)),
                ("case_id", models.UUIDField(null=True)),
                ("received_at", models.DateTimeField(default=troth.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyNotice",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.CharField(max_length=20, unique=True)),
                ("sent_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                ("owners", models.PositiveIntegerField()),
                ("mails", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Case",
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
                            ("access", "See their data"),
                            ("correction", "Have it corrected"),
                            ("erasure", "Be deleted"),
                            ("export", "Take their data along"),
                            ("restriction", "Have it left alone"),
                            ("objection", "Get no marketing"),
                            ("withdrawal", "Take a consent back"),
                            ("child", "Report a child's data"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("contact", "A contact"),
                            ("member", "A person with an account"),
                            ("workspace", "A workspace"),
                            ("unknown", "Not known yet"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("app", "In the app"),
                            ("mail", "By e-mail"),
                            ("phone", "By phone"),
                            ("whatsapp", "In WhatsApp"),
                            ("form", "By form"),
                        ],
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not shown yet"),
                            ("conversation", "Wrote from their own WhatsApp"),
                            ("signed_in", "Was signed in"),
                            ("member", "A member of the team knows them"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(default=troth.base.clock.now)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("extended_at", models.DateTimeField(null=True)),
                ("alarmed_heard_at", models.DateTimeField(null=True)),
                ("alarmed_20_at", models.DateTimeField(null=True)),
                ("alarmed_27_at", models.DateTimeField(null=True)),
                ("alarmed_late_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("partly", "Partly done"),
                            ("refused", "Refused"),
                            ("withdrawn", "No longer wanted"),
                            ("unproven", "Nobody showed that it was them"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unfounded", "It is plainly unfounded, or asked again and again"),
                            ("unidentified", "We cannot tell which data is theirs"),
                            ("legal_duty", "The law obliges us to keep it"),
                            ("claims", "It is needed for a legal claim"),
                            ("others", "It would take away the rights of others"),
                            ("expression", "Freedom of expression and information"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("token_hash", troth.base.fields.HashField(null=True, unique=True)),
                ("token_at", models.DateTimeField(null=True)),
                ("words", troth.base.fields.SealedText(editable=False, null=True)),
                ("address", troth.base.fields.SealedText(editable=False, null=True)),
                ("extension_reason", troth.base.fields.SealedText(editable=False, null=True)),
                ("code_hash", troth.base.fields.HashField(null=True)),
                ("source_hash", troth.base.fields.HashField(null=True)),
                (
                    "closed_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "opened_by",
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
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", troth.base.fields.SealedText(editable=False)),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
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
                    "case",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="privacy.case"
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
            name="DataImport",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("checking", "Being checked"),
                            ("restoring", "Being restored"),
                            ("done", "Restored"),
                            ("refused", "Refused: nothing was changed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("rows", models.JSONField(default=dict)),
                ("problems", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("beat_at", models.DateTimeField(null=True)),
                ("attempt", models.IntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "made_by",
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
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField(null=True)),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[("contact", "Person"), ("member", "Account"), ("workspace", "Workspace")],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("case_id", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("restricted", "Waiting"),
                            ("undone", "Undone"),
                            ("purging", "Being deleted"),
                            ("purged", "Deleted"),
                            ("certified", "Deleted, backups too"),
                        ],
                        default="restricted",
                        max_length=12,
                    ),
                ),
                ("requested_at", models.DateTimeField(default=troth.base.clock.now)),
                ("actor_kind", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                ("undo_until", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("purge_began_at", models.DateTimeField(null=True)),
                ("purged_at", models.DateTimeField(null=True)),
                ("backups_until", models.DateTimeField(null=True)),
                ("certified_at", models.DateTimeField(null=True)),
                ("steps_done", models.JSONField(default=list)),
                ("cursor", models.CharField(blank=True, default="", max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("facts", models.JSONField(default=dict)),
                ("token", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("token_hash", troth.base.fields.HashField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace_id", "state", "undo_until"], name="privacy_erasure_due"),
                    models.Index(fields=["token_hash"], name="privacy_erasure_token"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["restricted", "purging"])),
                        fields=("subject_kind", "subject_id"),
                        name="privacy_erasure_one_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), ("undone_at__isnull", False)),
                            models.Q(models.Q(("state", "undone"), _negated=True), ("undone_at", None)),
                            _connector="OR",
                        ),
                        name="privacy_erasure_undone_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("backups_until__isnull", False),
                                ("purged_at__isnull", False),
                                ("state__in", ["purged", "certified"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["purged", "certified"]), _negated=True), ("purged_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="privacy_erasure_purged_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be made"),
                            ("gathering", "Gathering"),
                            ("packing", "Packing"),
                            ("ready", "Ready"),
                            ("failed", "Could not be made"),
                            ("gone", "Deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("rows", models.JSONField(default=dict)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=8)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("attempt", models.IntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("subject_kind", models.CharField(max_length=12)),
                ("subject_id", models.UUIDField(null=True)),
                ("link_hash", troth.base.fields.HashField(null=True, unique=True)),
                ("link_expires_at", models.DateTimeField(null=True)),
                ("link_used_at", models.DateTimeField(null=True)),
                (
                    "case",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="exports",
                        to="privacy.case",
                    ),
                ),
                (
                    "made_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "used_by",
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
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("basis", troth.base.fields.SealedText(editable=False)),
                ("reference", troth.base.fields.SealedText(editable=False)),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("approver_kind", models.CharField(blank=True, default="", max_length=8)),
                ("approver_id", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("review_on", models.DateField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workspaces.membership"
                    ),
                ),
                (
                    "released_by",
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
            },
        ),
        migrations.CreateModel(
            name="HeldRecord",
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
                        choices=[("contact", "Contact"), ("conversation", "Conversation"), ("workspace", "Workspace")],
                        max_length=12,
                    ),
                ),
                ("target_id", models.UUIDField()),
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
                    "hold",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="privacy.hold"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answers_in_whatsapp", models.BooleanField(default=True)),
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
            name="OperatorCase",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "See their data"),
                            ("correction", "Have it corrected"),
                            ("erasure", "Be deleted"),
                            ("export", "Take their data along"),
                            ("restriction", "Have it left alone"),
                            ("objection", "Get no marketing"),
                            ("withdrawal", "Take a consent back"),
                            ("child", "Report a child's data"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "subject_kind",
                    models.CharField(
                        choices=[
                            ("contact", "A contact"),
                            ("member", "A person with an account"),
                            ("workspace", "A workspace"),
                            ("unknown", "Not known yet"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                (
                    "route",
                    models.CharField(
                        choices=[
                            ("app", "In the app"),
                            ("mail", "By e-mail"),
                            ("phone", "By phone"),
                            ("whatsapp", "In WhatsApp"),
                            ("form", "By form"),
                        ],
                        max_length=8,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not shown yet"),
                            ("conversation", "Wrote from their own WhatsApp"),
                            ("signed_in", "Was signed in"),
                            ("member", "A member of the team knows them"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(default=troth.base.clock.now)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                ("extended_at", models.DateTimeField(null=True)),
                ("alarmed_heard_at", models.DateTimeField(null=True)),
                ("alarmed_20_at", models.DateTimeField(null=True)),
                ("alarmed_27_at", models.DateTimeField(null=True)),
                ("alarmed_late_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("partly", "Partly done"),
                            ("refused", "Refused"),
                            ("withdrawn", "No longer wanted"),
                            ("unproven", "Nobody showed that it was them"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unfounded", "It is plainly unfounded, or asked again and again"),
                            ("unidentified", "We cannot tell which data is theirs"),
                            ("legal_duty", "The law obliges us to keep it"),
                            ("claims", "It is needed for a legal claim"),
                            ("others", "It would take away the rights of others"),
                            ("expression", "Freedom of expression and information"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("token_hash", troth.base.fields.HashField(null=True, unique=True)),
                ("token_at", models.DateTimeField(null=True)),
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("address", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("extension_reason", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("source_hash", troth.base.fields.HashField(null=True, unique=True)),
                ("forward_by", models.DateTimeField(null=True)),
                ("alarmed_forward_at", models.DateTimeField(null=True)),
                ("forwarded_at", models.DateTimeField(null=True)),
                ("forwarded_to", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("closed_at", None)), fields=["due_at"], name="privacy_opcase_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at", None), models.Q(("outcome", ""), _negated=True), _connector="OR"
                        ),
                        name="privacy_operatorcase_ends_somehow",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalExport",
            fields=[
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be made"),
                            ("gathering", "Gathering"),
                            ("packing", "Packing"),
                            ("ready", "Ready"),
                            ("failed", "Could not be made"),
                            ("gone", "Deleted"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("rows", models.JSONField(default=dict)),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("language", models.CharField(default="en", max_length=8)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("started_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("attempt", models.IntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProbeResult",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("ok", models.BooleanField()),
                ("words", models.CharField(max_length=200)),
                ("details", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [models.Index(fields=["name", "-at"], name="privacy_proberesult_newest")],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kept", models.CharField(max_length=16)),
                ("days", models.PositiveIntegerField(null=True)),
                ("days_before", models.PositiveIntegerField(null=True)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                ("acts_from", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "changed_by",
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
            },
        ),
        migrations.CreateModel(
            name="UsageCount",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("event", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
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
            name="UsageOptOut",
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
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workspaces.membership"
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
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["workspace", "due_at"], name="privacy_case_open"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["workspace", "subject_id"], name="privacy_case_subject"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("workspace", "source_hash"), name="privacy_case_source_once"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                name="privacy_case_ends_somehow",
            ),
        ),
        migrations.AddIndex(
            model_name="casenote",
            index=models.Index(fields=["workspace", "case", "at"], name="privacy_casenote_order"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["workspace", "-created_at"], name="privacy_export_latest"),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "gathering", "packing", "ready"])),
                fields=["beat_at"],
                name="privacy_export_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approver_id", None)),
                    models.Q(("approved_at__isnull", False), ("approver_id__isnull", False)),
                    _connector="OR",
                ),
                name="privacy_hold_approved_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver_id", None),
                    models.Q(("approver_id", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="privacy_hold_by_two",
            ),
        ),
        migrations.AddIndex(
            model_name="heldrecord",
            index=models.Index(fields=["workspace", "kind", "target_id"], name="privacy_heldrecord_target"),
        ),
        migrations.AddConstraint(
            model_name="heldrecord",
            constraint=models.UniqueConstraint(
                fields=("workspace", "hold", "kind", "target_id"), name="privacy_heldrecord_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.UniqueConstraint(fields=("workspace",), name="privacy_intake_once"),
        ),
        migrations.AddIndex(
            model_name="personalexport",
            index=models.Index(fields=["user", "-created_at"], name="privacy_personal_latest"),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.UniqueConstraint(fields=("workspace", "kept"), name="privacy_retentionrule_once"),
        ),
        migrations.AddConstraint(
            model_name="retentionrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days", None), ("days__gte", 1), _connector="OR"),
                name="privacy_retentionrule_at_least_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="usagecount",
            constraint=models.UniqueConstraint(fields=("workspace", "day", "event"), name="privacy_usagecount_once"),
        ),
        migrations.AddConstraint(
            model_name="usageoptout",
            constraint=models.UniqueConstraint(fields=("workspace",), name="privacy_usageoptout_once"),
        ),
    ]
