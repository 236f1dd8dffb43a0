"""The security code of a person's phone, and whether somebody made sure of the person after it changed."""

from django.db import migrations, models

import troth.base.fields


class Migration(migrations.Migration):
    dependencies = [("contacts", "0020_merges")]

    operations = [
        migrations.AddField("Contact", "security_hash", troth.base.fields.SealedText(null=True)),
        migrations.AddField("Contact", "security_at", models.DateTimeField(null=True)),
        migrations.AddField("Contact", "security_changed_at", models.DateTimeField(null=True)),
        migrations.AddField("Contact", "security_confirmed_at", models.DateTimeField(null=True)),
    ]
