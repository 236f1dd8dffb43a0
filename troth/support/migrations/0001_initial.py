import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
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
            name="Breach",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("drill", models.BooleanField()),
                ("detected_at", models.DateTimeField()),
                (
                    "exposed",
                    models.CharField(
                        choices=[
                            ("messages", "Messages and who wrote them"),
                            ("contacts", "Contacts: names and numbers"),
                            ("members", "Members: names and sign-in addresses"),
                            ("secrets", "Tokens and secrets of channels"),
                            ("all", "Everything"),
                        ],
                        max_length=8,
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("summary", troth.base.fields.SealedText(editable=False, installation=True)),
                ("advice", troth.base.fields.SealedText(editable=False, installation=True)),
                ("opened_by", models.UUIDField()),
                ("opened_at", models.DateTimeField(default=troth.base.clock.now)),
                ("authority_due_at", models.DateTimeField()),
                ("people_due_at", models.DateTimeField()),
                ("reckoned_at", models.DateTimeField(null=True)),
                ("affected", models.JSONField(null=True)),
                ("authority_told_at", models.DateTimeField(null=True)),
                ("authority_told_by", models.UUIDField(null=True)),
                ("people_told_at", models.DateTimeField(null=True)),
                ("people_told_by", models.UUIDField(null=True)),
                ("authority_soon_at", models.DateTimeField(null=True)),
                ("authority_late_at", models.DateTimeField(null=True)),
                ("people_soon_at", models.DateTimeField(null=True)),
                ("people_late_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.UUIDField(null=True)),
                ("lessons", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "authority_due_at",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("detected_at"), "+", models.Value(datetime.timedelta(days=3))
                                ),
                            ),
                            (
                                "people_due_at",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("detected_at"), "+", models.Value(datetime.timedelta(days=7))
                                ),
                            ),
                        ),
                        name="support_breach_clocks_run_from_detection",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("settings", "settings and the state of numbers"),
                            ("list", "the list of conversations, without names and text"),
                            ("chosen", "chosen conversations"),
                        ],
                        max_length=8,
                    ),
                ),
                ("names", models.BooleanField(default=False)),
                ("bodies", models.BooleanField(default=False)),
                (
                    "conversation_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField()),
                ("ground", models.CharField(choices=[("security", "Security"), ("law", "Law")], max_length=8)),
                ("reason", troth.base.fields.SealedText(editable=False, installation=True)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("second_by", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                ("bar_until", models.DateTimeField(null=True)),
                ("bar_basis", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("asked_by")), _negated=True),
                        name="support_glass_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("expires_at", None), ("second_by", None)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("expires_at__isnull", False),
                                ("second_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="support_glass_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None),
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("approved_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="support_glass_an_hour_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bar_basis__isnull", True), ("bar_until", None)),
                            models.Q(("bar_basis__isnull", False), ("bar_until__isnull", False), ("ground", "law")),
                            _connector="OR",
                        ),
                        name="support_glass_bar_has_ground_and_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "chosen"),
                            models.Q(("bodies", False), ("conversation_ids", []), ("names", False)),
                            _connector="OR",
                        ),
                        name="support_glass_ticks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        choices=[
                            ("number", "A number is not connected, or nothing arrives or leaves"),
                            ("inbox", "The inbox shows something wrong"),
                            ("conversation", "Something about certain conversations"),
                            ("account", "Members, sign-in or my account"),
                            ("privacy", "Privacy, or what you may see"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_staff", models.UUIDField(null=True)),
                ("alarmed_soon_at", models.DateTimeField(null=True)),
                ("alarmed_late_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workspaces.membership"
                    ),
                ),
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
            name="HelpMessage",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("staff_id", models.UUIDField(null=True)),
                ("text", troth.base.fields.SealedText(editable=False)),
                ("at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "member",
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
                (
                    "request",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="support.helprequest"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Grant",
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
                            ("settings", "settings and the state of numbers"),
                            ("list", "the list of conversations, without names and text"),
                            ("chosen", "chosen conversations"),
                        ],
                        max_length=8,
                    ),
                ),
                ("names", models.BooleanField(default=False)),
                ("bodies", models.BooleanField(default=False)),
                (
                    "conversation_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("given_at", models.DateTimeField(default=troth.base.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        choices=[
                            ("expired", "its time was over"),
                            ("revoked", "it was stopped"),
                            ("narrowed", "it was narrowed"),
                            ("closed", "the request was closed"),
                            ("declined", "it was declined"),
                            ("lapsed", "whoever gave it or said yes to it may not any more"),
                            ("restored", "a backup was restored"),
                        ],
                        max_length=8,
                        null=True,
                    ),
                ),
                (
                    "approved_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "ended_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "given_by",
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
                (
                    "request",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="support.helprequest"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="LegalDisclosure",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("settings", "settings and the state of numbers"),
                            ("list", "the list of conversations, without names and text"),
                            ("chosen", "chosen conversations"),
                        ],
                        max_length=8,
                    ),
                ),
                ("names", models.BooleanField(default=False)),
                ("bodies", models.BooleanField(default=False)),
                (
                    "conversation_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField()),
                ("authority", troth.base.fields.SealedText(editable=False, installation=True)),
                ("reference", troth.base.fields.SealedText(editable=False, installation=True)),
                ("basis", troth.base.fields.SealedText(editable=False, installation=True)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("answer_by", models.DateTimeField(null=True)),
                ("alarmed_soon_at", models.DateTimeField(null=True)),
                ("alarmed_late_at", models.DateTimeField(null=True)),
                ("second_by", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_by", models.UUIDField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refusal", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("made_hash", models.BinaryField(null=True)),
                ("made_counts", models.JSONField(null=True)),
                ("gag_until", models.DateTimeField(null=True)),
                ("gag_basis", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("asked_by")), _negated=True),
                        name="support_disclosure_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("second_by", None)),
                            models.Q(("approved_at__isnull", False), ("second_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="support_disclosure_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at", None), ("refused_by", None)),
                            models.Q(
                                ("approved_at", None), ("refused_at__isnull", False), ("refused_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="support_disclosure_refused_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("made_at", None), ("made_by", None), ("made_hash", None)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("made_at__isnull", False),
                                ("made_by__isnull", False),
                                ("made_hash__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="support_disclosure_made_after_approval",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gag_basis__isnull", True), ("gag_until", None)),
                            models.Q(("gag_basis__isnull", False), ("gag_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="support_disclosure_gag_has_basis_and_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "chosen"),
                            models.Q(("bodies", False), ("conversation_ids", []), ("names", False)),
                            _connector="OR",
                        ),
                        name="support_disclosure_ticks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorHold",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("workspace_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("conversation", "conversations"),
                            ("contact", "people, with all that belongs to them"),
                            ("workspace", "the whole workspace"),
                        ],
                        max_length=12,
                    ),
                ),
                ("target_ids", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("reference", troth.base.fields.SealedText(editable=False, installation=True)),
                ("basis", troth.base.fields.SealedText(editable=False, installation=True)),
                ("review_on", models.DateField()),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=troth.base.clock.now)),
                ("second_by", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("gag_until", models.DateTimeField(null=True)),
                ("gag_basis", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("asked_by")), _negated=True),
                        name="support_hold_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("second_by", None)),
                            models.Q(("approved_at__isnull", False), ("second_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="support_hold_approved_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="support_hold_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gag_basis__isnull", True), ("gag_until", None)),
                            models.Q(("gag_basis__isnull", False), ("gag_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="support_hold_gag_has_basis_and_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("support", "Support"), ("security", "Security"), ("legal", "Legal")], max_length=8
                    ),
                ),
                ("added_at", models.DateTimeField(default=troth.base.clock.now)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SupportChoice",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ask_first", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "changed_by",
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
        migrations.CreateModel(
            name="AnchorMail",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "membership",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.membership"
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
                    models.UniqueConstraint(fields=("workspace", "membership"), name="support_anchormail_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="helprequest",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_at"], name="support_help_open"),
        ),
        migrations.AddConstraint(
            model_name="helprequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None), ("closed_by_staff", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), ("closed_by_staff", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by", None), ("closed_by_staff__isnull", False)),
                    _connector="OR",
                ),
                name="support_help_closed_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", None), ("staff_id", None), _connector="OR"),
                name="support_message_one_author",
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["workspace", "expires_at"], name="support_grant_alive"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "expires_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("given_at"), "+", models.Value(datetime.timedelta(days=3))
                        ),
                    )
                ),
                name="support_grant_72_hours_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ending", None)),
                    models.Q(("ended_at__isnull", False), ("ending__isnull", False)),
                    _connector="OR",
                ),
                name="support_grant_ended_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_by", None), ("starts_at", None)),
                    models.Q(("approved_by__isnull", False), ("starts_at__isnull", False)),
                    _connector="OR",
                ),
                name="support_grant_approved_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "chosen"),
                    models.Q(("bodies", False), ("conversation_ids", []), ("names", False)),
                    _connector="OR",
                ),
                name="support_grant_ticks",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportchoice",
            constraint=models.UniqueConstraint(fields=("workspace",), name="support_choice_once"),
        ),
    ]
