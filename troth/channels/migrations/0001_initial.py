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
            name="Channel",
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
                            ("cloud", "WhatsApp Business Cloud API"),
                            ("web", "WhatsApp Web"),
                            ("fake", "Made-up channel"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", troth.base.fields.SealedText(editable=False)),
                ("display_number", troth.base.fields.SealedText(editable=False, null=True)),
                ("number_id", models.CharField(blank=True, default="", max_length=64)),
                ("wanted_number_id", models.CharField(blank=True, default="", max_length=64)),
                ("account_id", models.CharField(blank=True, default="", max_length=64)),
                ("app_id", models.CharField(blank=True, default="", max_length=64)),
                ("token", troth.base.fields.SealedText(editable=False, null=True)),
                ("app_secret", troth.base.fields.SealedText(editable=False, null=True)),
                ("previous_app_secret", troth.base.fields.SealedText(editable=False, null=True)),
                ("app_secret_hash", troth.base.fields.HashField(null=True)),
                ("previous_app_secret_hash", troth.base.fields.HashField(null=True)),
                ("verify_token", troth.base.fields.SealedText(editable=False, null=True)),
                ("open_to_all", models.BooleanField(default=True)),
                ("confirms_identity", models.BooleanField(db_default=False, default=False)),
                ("messages_per_second", models.PositiveIntegerField(default=80)),
                ("quality", models.CharField(blank=True, default="", max_length=16)),
                ("status", models.CharField(blank=True, default="", max_length=24)),
                ("paused_until", models.DateTimeField(null=True)),
                ("problem_code", models.IntegerField(null=True)),
                ("first_delivery_at", models.DateTimeField(null=True)),
                ("catalog_id", models.CharField(blank=True, default="", max_length=64)),
                (
                    "way",
                    models.CharField(
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
                ("on_phone_app", models.BooleanField(db_default=False, default=False)),
                ("connected_at", models.DateTimeField(null=True)),
                (
                    "read_receipts",
                    models.CharField(
                        choices=[
                            ("never", "Never"),
                            ("answered", "When somebody answers"),
                            ("opened", "As soon as somebody opens the conversation"),
                        ],
                        default="never",
                        max_length=8,
                    ),
                ),
                ("checks", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="workspaces.membership",
                    ),
                ),
                (
                    "removed_by",
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
            name="ChannelHealth",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("overall", models.CharField(blank=True, default="", max_length=16)),
                ("parts", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("throughput", models.CharField(blank=True, default="", max_length=24)),
                ("name_status", models.CharField(blank=True, default="", max_length=32)),
                ("token_expires_at", models.DateTimeField(null=True)),
                ("token_warned_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=32)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
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
            },
        ),
        migrations.CreateModel(
            name="ChannelMember",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="channels.channel"
                    ),
                ),
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
            },
        ),
        migrations.CreateModel(
            name="ChannelNotice",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("aspect", models.CharField(max_length=32)),
                ("value", models.CharField(blank=True, default="", max_length=64)),
                ("detail", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("at", models.DateTimeField()),
                ("once_hash", troth.base.fields.HashField()),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="channels.channel"
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
            name="ChannelTeam",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="teams", to="channels.channel"
                    ),
                ),
                (
                    "team",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.team"
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
            name="MessageTemplate",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.CharField(max_length=64)),
                ("external_id", models.CharField(blank=True, default="", max_length=64)),
                ("name", models.CharField(max_length=512)),
                ("language", models.CharField(max_length=16)),
                ("status", models.CharField(blank=True, default="", max_length=32)),
                ("quality", models.CharField(blank=True, default="", max_length=16)),
                ("category", models.CharField(blank=True, default="", max_length=32)),
                ("reason", models.CharField(blank=True, default="", max_length=64)),
                ("components", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("parameter_format", models.CharField(blank=True, default="", max_length=16)),
                ("correct_category", models.CharField(blank=True, default="", max_length=32)),
                ("previous_category", models.CharField(blank=True, default="", max_length=32)),
                ("category_at", models.DateTimeField(null=True)),
                ("advice", troth.base.fields.SealedText(editable=False, null=True)),
                ("edits", models.JSONField(default=list)),
                ("put_away_at", models.DateTimeField(null=True)),
                ("changed_at", models.JSONField(default=dict)),
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
            },
        ),
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
            },
        ),
        migrations.CreateModel(
            name="Portfolio",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("business_id", models.CharField(max_length=64)),
                ("limit", models.CharField(blank=True, default="", max_length=32)),
                ("limit_at", models.DateTimeField(null=True)),
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
            name="BusinessAccount",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.CharField(max_length=64)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("review", models.CharField(blank=True, default="", max_length=24)),
                ("verification", models.CharField(blank=True, default="", max_length=40)),
                ("asked_at", models.DateTimeField(null=True)),
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
                    "portfolio",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="accounts",
                        to="channels.portfolio",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("market", models.CharField(max_length=24)),
                ("category", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("amount", models.DecimalField(decimal_places=6, max_digits=14)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "created_by",
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
            name="SendingStop",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", troth.base.fields.SealedText(editable=False)),
                ("stopped_at", models.DateTimeField(default=troth.base.clock.now)),
                ("stopped_by", models.UUIDField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.UUIDField(null=True)),
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
            name="TemplateSync",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("account_id", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("seen", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=32)),
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
            model_name="channel",
            index=models.Index(fields=["account_id"], name="channels_channel_account"),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None), models.Q(("number_id", ""), _negated=True)),
                fields=("number_id",),
                name="channels_channel_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelhealth",
            constraint=models.UniqueConstraint(fields=("workspace", "channel"), name="channels_health_once"),
        ),
        migrations.AddConstraint(
            model_name="channelmember",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "membership"), name="channels_member_once"
            ),
        ),
        migrations.AddIndex(
            model_name="channelnotice",
            index=models.Index(fields=["workspace", "channel", "-at"], name="channels_notice_latest"),
        ),
        migrations.AddConstraint(
            model_name="channelnotice",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "once_hash"), name="channels_notice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="channelteam",
            constraint=models.UniqueConstraint(fields=("workspace", "channel", "team"), name="channels_team_once"),
        ),
        migrations.AddConstraint(
            model_name="messagetemplate",
            constraint=models.UniqueConstraint(
                fields=("workspace", "account_id", "name", "language"), name="channels_template_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="phonesync",
            constraint=models.UniqueConstraint(fields=("workspace", "channel", "kind"), name="channels_phonesync_once"),
        ),
        migrations.AddConstraint(
            model_name="portfolio",
            constraint=models.UniqueConstraint(fields=("workspace", "business_id"), name="channels_portfolio_once"),
        ),
        migrations.AddConstraint(
            model_name="businessaccount",
            constraint=models.UniqueConstraint(fields=("workspace", "account_id"), name="channels_account_once"),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.UniqueConstraint(
                fields=("workspace", "currency", "market", "category", "valid_from"), name="channels_rate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="channels_rate_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="sendingstop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("workspace",),
                name="channels_sendingstop_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="sendingstop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_by", None)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="channels_sendingstop_lifted_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="templatesync",
            constraint=models.UniqueConstraint(fields=("workspace", "account_id"), name="channels_sync_once"),
        ),
    ]
