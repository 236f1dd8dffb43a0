import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import troth.base.clock
import troth.base.fields
import troth.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", troth.base.fields.SealedText(editable=False, installation=True)),
                ("phone", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("language", models.CharField(blank=True, default="", max_length=12)),
                ("theme", models.CharField(default="system", max_length=8)),
                ("single_keys", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("terms_version", models.CharField(blank=True, default="", max_length=20)),
                ("terms_accepted_at", models.DateTimeField(null=True)),
                ("mail_refused_at", models.DateTimeField(null=True)),
                ("mail_refused_why", models.CharField(blank=True, default="", max_length=16)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CacheEntry",
            fields=[
                ("key", troth.base.fields.HashField(primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("id", models.UUIDField(default=troth.base.ids.new_id, editable=False, unique=True)),
                ("session_data", troth.base.fields.SealedText(editable=False, installation=True)),
                ("ip", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("user_agent", troth.base.fields.SealedText(editable=False, installation=True, null=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("seen_at", models.DateTimeField(default=troth.base.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("on", models.BooleanField()),
                ("told_until", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "on"], name="accounts_mailchoice_wanted")],
                "constraints": [models.UniqueConstraint(fields=("user", "kind"), name="accounts_mailchoice_once")],
            },
        ),
        migrations.CreateModel(
            name="QueuedMail",
            fields=[
                (
                    "id",
                    troth.base.fields.IdField(
                        default=troth.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(default="", max_length=40)),
                ("message", troth.base.fields.SealedField(editable=False, installation=True, null=True)),
                ("created_at", models.DateTimeField(default=troth.base.clock.now)),
                ("try_after", models.DateTimeField(default=troth.base.clock.now)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at", None), ("given_up_at", None)),
                        fields=["try_after"],
                        name="accounts_queuedmail_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at", None), ("given_up_at", None), ("message__isnull", False)),
                            models.Q(
                                ("message__isnull", True),
                                models.Q(
                                    ("delivered_at__isnull", False), ("given_up_at__isnull", False), _connector="XOR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="accounts_queuedmail_forgotten_when_done",
                    )
                ],
            },
        ),
    ]
