import django.contrib.postgres.fields
import django.contrib.postgres.indexes
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
        ("channels", "0001_initial"),
        ("contacts", "0001_initial"),
        ("workspaces", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField(default=troth.base.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("last_message_at", models.DateTimeField(default=troth.base.clock.now)),
                ("last_message_id", models.UUIDField(null=True)),
                ("preview", troth.base.fields.SealedText(editable=False, null=True)),
                ("preview_kind", models.CharField(blank=True, default="", max_length=16)),
                ("preview_direction", models.CharField(blank=True, default="", max_length=4)),
                ("preview_status", models.SmallIntegerField(default=0)),
                ("unread", models.IntegerField(default=0)),
                ("window_expires_at", models.DateTimeField(null=True)),
                ("window_refused_at", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                ("told_read_id", models.UUIDField(null=True)),
                ("told_typing_at", models.DateTimeField(null=True)),
                ("observed_at", models.DateTimeField(null=True)),
                (
                    "assignee",
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
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="conversations",
                        to="channels.channel",
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
                    "contact",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="conversations",
                        to="contacts.contact",
                    ),
                ),
                (
                    "folded_into",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="inbox.conversation",
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
            name="Activity",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("once_hash", troth.base.fields.HashField(null=True)),
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
                    "other",
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
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="activities", to="inbox.conversation"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", troth.base.fields.SealedText(editable=False)),
                ("changed_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inbox.conversation"
                    ),
                ),
                (
                    "member",
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
            name="Gap",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=40)),
                ("field", models.CharField(blank=True, default="", max_length=64)),
                ("raw", troth.base.fields.SealedJSON(editable=False, null=True)),
                ("at", models.DateTimeField()),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("once_hash", troth.base.fields.HashField()),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gaps",
                        to="inbox.conversation",
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
            name="Message",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("in", "From the customer"),
                            ("out", "From us"),
                            ("echo", "From us, in the phone app"),
                        ],
                        max_length=4,
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("content", troth.base.fields.SealedJSON(editable=False, null=True)),
                (
                    "tokens",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("external_id", troth.base.fields.SealedText(editable=False, null=True)),
                ("external_hash", troth.base.fields.HashField(null=True)),
                ("quote_id", troth.base.fields.SealedText(editable=False, null=True)),
                ("quote_hash", troth.base.fields.HashField(null=True)),
                ("forwarded", models.SmallIntegerField(default=0)),
                ("history", models.BooleanField(default=False)),
                (
                    "status",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Received"),
                            (10, "Waiting to be sent"),
                            (20, "Being sent"),
                            (30, "Not sure whether it was sent"),
                            (40, "Sent"),
                            (50, "Not delivered"),
                            (60, "Delivered"),
                            (70, "Read"),
                            (80, "Played"),
                        ],
                        default=0,
                    ),
                ),
                ("held", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("client_id", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("edited_at", models.DateTimeField(null=True)),
                ("edit_hash", troth.base.fields.HashField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("error_code", models.IntegerField(null=True)),
                ("pricing", models.JSONField(null=True)),
                ("country", models.CharField(max_length=2, null=True)),
                ("priced_at", models.DateTimeField(null=True)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("sending_at", models.DateTimeField(null=True)),
                ("lane", models.IntegerField(null=True)),
                ("farewell", models.BooleanField(db_default=False, default=False)),
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
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="messages", to="inbox.conversation"
                    ),
                ),
                (
                    "sender",
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
            name="Attachment",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(blank=True, default="", max_length=16)),
                ("slot", models.CharField(blank=True, db_default="", default="", max_length=32)),
                ("copy_of", models.UUIDField(null=True)),
                ("name", troth.base.fields.SealedText(editable=False, null=True)),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[
                            (0, "Being fetched"),
                            (1, "Here"),
                            (2, "Could not be fetched"),
                            (3, "Being handed to WhatsApp"),
                            (4, "Chosen, and not sent yet"),
                        ],
                        default=0,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=24)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=troth.base.clock.now, null=True)),
                ("mime", models.CharField(blank=True, default="", max_length=100)),
                ("size_bytes", models.BigIntegerField(null=True)),
                ("width", models.IntegerField(null=True)),
                ("height", models.IntegerField(null=True)),
                ("duration_ms", models.IntegerField(null=True)),
                ("wave", troth.base.fields.SealedText(editable=False, null=True)),
                ("has_preview", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "uploader",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
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
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inbox.conversation",
                    ),
                ),
                (
                    "message",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="inbox.message",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PendingChange",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("target_hash", troth.base.fields.HashField()),
                ("kind", models.CharField(max_length=8)),
                ("detail", troth.base.fields.SealedJSON(editable=False)),
                ("at", models.DateTimeField()),
                ("once_hash", troth.base.fields.HashField()),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
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
            name="Reaction",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("target_hash", troth.base.fields.HashField()),
                ("emoji", troth.base.fields.SealedText(editable=False, null=True)),
                ("at", models.DateTimeField()),
                ("order_hash", troth.base.fields.HashField()),
                (
                    "channel",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="channels.channel"
                    ),
                ),
                (
                    "reactor",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
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
            name="ScheduledMessage",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("content", troth.base.fields.SealedJSON(editable=False)),
                ("quoted_id", models.UUIDField(null=True)),
                ("send_at", models.DateTimeField()),
                ("zone", models.CharField(max_length=64)),
                (
                    "state",
                    models.SmallIntegerField(choices=[(0, "Waits for its time"), (1, "Was not sent")], default=0),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=16)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "author",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.membership"
                    ),
                ),
                (
                    "conversation",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scheduled", to="inbox.conversation"
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
            name="Tally",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("outcome", models.CharField(max_length=8)),
                ("rule", models.CharField(blank=True, default="", max_length=40)),
                ("count", models.BigIntegerField(default=0)),
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
            name="Block",
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
                    "contact",
                    troth.workspaces.models.base.SameWorkspaceKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
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
                    models.UniqueConstraint(fields=("workspace", "channel", "contact"), name="inbox_block_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("last_message_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("closed_at", None)),
                name="inbox_conv_open",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("workspace"),
                models.F("assignee"),
                models.OrderBy(models.F("last_message_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("closed_at", None)),
                name="inbox_conv_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("last_message_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("closed_at__isnull", False)),
                name="inbox_conv_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["workspace", "contact"], name="inbox_conv_contact"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("folded_into__isnull", False)),
                fields=["workspace", "folded_into"],
                name="inbox_conv_folded",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "contact"), name="inbox_conversation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="inbox_conversation_closed_pair",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["workspace", "conversation", "at"], name="inbox_activity_place"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("workspace", "once_hash"), name="inbox_activity_once"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("workspace", "conversation", "member"), name="inbox_draft_once"),
        ),
        migrations.AddIndex(
            model_name="gap",
            index=models.Index(fields=["workspace", "conversation", "at"], name="inbox_gap_place"),
        ),
        migrations.AddConstraint(
            model_name="gap",
            constraint=models.UniqueConstraint(fields=("workspace", "once_hash"), name="inbox_gap_once"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("workspace"),
                models.F("conversation"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="inbox_message_thread",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status__in", [10, 20])),
                fields=["channel", "conversation", "id"],
                name="inbox_message_outbox",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", 10)), fields=["channel", "id"], name="inbox_message_queued"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("priced_at__isnull", False)),
                fields=["workspace", "priced_at"],
                name="inbox_message_priced",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("kind", "reaction")),
                fields=["workspace", "conversation", "quote_hash"],
                name="inbox_message_reactions",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="inbox_message_words"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "external_hash"), name="inbox_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("workspace", "client_id"), name="inbox_message_client_once"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("state__in", [0, 3, 4])),
                fields=["workspace", "next_attempt_at"],
                name="inbox_attachment_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(fields=("workspace", "message", "slot"), name="inbox_attachment_once"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("message__isnull", False), ("conversation__isnull", False), _connector="OR"),
                name="inbox_attachment_belongs_somewhere",
            ),
        ),
        migrations.AddIndex(
            model_name="pendingchange",
            index=models.Index(fields=["workspace", "channel", "target_hash"], name="inbox_pending_target"),
        ),
        migrations.AddConstraint(
            model_name="pendingchange",
            constraint=models.UniqueConstraint(fields=("workspace", "channel", "once_hash"), name="inbox_pending_once"),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "target_hash", "reactor"),
                name="inbox_reaction_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="scheduledmessage",
            index=models.Index(
                condition=models.Q(("state", 0)), fields=["workspace", "send_at"], name="inbox_scheduled_due"
            ),
        ),
        migrations.AddIndex(
            model_name="scheduledmessage",
            index=models.Index(fields=["workspace", "conversation"], name="inbox_scheduled_thread"),
        ),
        migrations.AddConstraint(
            model_name="scheduledmessage",
            constraint=models.UniqueConstraint(fields=("workspace", "client_id"), name="inbox_scheduled_once"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("workspace", "channel", "day", "outcome", "rule"), name="inbox_tally_once"
            ),
        ),
    ]
