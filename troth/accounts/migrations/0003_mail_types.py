"""Mails have a type, people choose types, and an address that takes no mail is known."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import troth.base.fields
import troth.base.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cacheentry_queuedmail")]

    operations = [
        migrations.AddField("user", "mail_refused_at", models.DateTimeField(null=True)),
        migrations.AddField("user", "mail_refused_why", models.CharField(blank=True, default="", max_length=16)),
        migrations.AddField("queuedmail", "kind", models.CharField(default="", max_length=40)),
        migrations.AddField(
            "queuedmail",
            "person",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
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
    ]
