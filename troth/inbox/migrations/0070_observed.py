"""Since when another responder answers a conversation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0060_saying")]

    operations = [migrations.AddField("conversation", "observed_at", models.DateTimeField(null=True))]
