"""When customers are told that what they wrote was read, and which catalogue a number shows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0040_health_and_rates")]

    operations = [
        migrations.AddField("channel", "catalog_id", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField(
            model_name="channel",
            name="read_receipts",
            field=models.CharField(
                choices=[
                    ("never", "Never"),
                    ("answered", "When somebody answers"),
                    ("opened", "As soon as somebody opens the conversation"),
                ],
                default="never",
                max_length=8,
            ),
        ),
    ]
