"""Where a message's recipient is and since when its price is known; and when WhatsApp refused since a window was closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0041_blocks")]

    operations = [
        migrations.AddField("message", "country", models.CharField(max_length=2, null=True)),
        migrations.AddField("message", "priced_at", models.DateTimeField(null=True)),
        migrations.AddField("conversation", "window_refused_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("priced_at__isnull", False)),
                fields=["workspace", "priced_at"],
                name="inbox_message_priced",
            ),
        ),
    ]
