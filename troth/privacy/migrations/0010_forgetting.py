"""Erasures, legal holds and rules of retention. An erasure is seen in its workspace only, one of none outside of any."""

import django.db.models.deletion
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids
import troth.workspaces.models.base
import troth.workspaces.scope
from troth.workspaces.walls import Wall

CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"
WALL = f"""
ALTER TABLE privacy_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace_wall ON privacy_erasure
    USING (workspace_id IS NOT DISTINCT FROM {CURRENT}) WITH CHECK (workspace_id IS NOT DISTINCT FROM {CURRENT});
"""
STATES = [
    ("restricted", "Waiting"),
    ("undone", "Undone"),
    ("purging", "Being deleted"),
    ("purged", "Deleted"),
    ("certified", "Deleted, backups too"),
]


def _id() -> tuple[str, troth.base.fields.IdField]:
    return (
        "id",
        troth.base.fields.IdField(default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False),
    )


def _workspace() -> tuple[str, models.ForeignKey]:
    return (
        "workspace",
        models.ForeignKey(
            db_index=False,
            default=troth.workspaces.scope.current_workspace_id,
            on_delete=django.db.models.deletion.RESTRICT,
            related_name="+",
            to="workspaces.workspace",
        ),
    )


def _member(*, null: bool) -> troth.workspaces.models.base.SameWorkspaceKey:
    return troth.workspaces.models.base.SameWorkspaceKey(
        null=null, on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workspaces.membership"
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                _id(),
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
                ("state", models.CharField(choices=STATES, default="restricted", max_length=12)),
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
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Hold",
            fields=[
                _id(),
                ("basis", troth.base.fields.SealedText(editable=False)),
                ("reference", troth.base.fields.SealedText(editable=False)),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("approver_kind", models.CharField(blank=True, default="", max_length=8)),
                ("approver_id", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("review_on", models.DateField()),
                ("released_at", models.DateTimeField(null=True)),
                ("asked_by", _member(null=False)),
                ("released_by", _member(null=True)),
                _workspace(),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approver_id", None)),
                            models.Q(("approved_at__isnull", False), ("approver_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="privacy_hold_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approver_id", None),
                            models.Q(("approver_id", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="privacy_hold_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldRecord",
            fields=[
                _id(),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Contact"),
                            ("conversation", "Conversation"),
                            ("workspace", "Workspace"),
                        ],
                        max_length=12,
                    ),
                ),
                ("target_id", models.UUIDField()),
                (
                    "hold",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="privacy.hold"
                    ),
                ),
                _workspace(),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["workspace", "kind", "target_id"], name="privacy_heldrecord_target")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "hold", "kind", "target_id"), name="privacy_heldrecord_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                _id(),
                ("kept", models.CharField(max_length=16)),
                ("days", models.PositiveIntegerField(null=True)),
                ("days_before", models.PositiveIntegerField(null=True)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                ("acts_from", models.DateTimeField(default=troth.base.clock.now)),
                ("changed_by", _member(null=True)),
                _workspace(),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "kept"), name="privacy_retentionrule_once"),
                    models.CheckConstraint(
                        condition=models.Q(("days", None), ("days__gte", 1), _connector="OR"),
                        name="privacy_retentionrule_at_least_a_day",
                    ),
                ],
            },
        ),
        Wall("Hold"),
        Wall("HeldRecord"),
        Wall("RetentionRule"),
    ]
