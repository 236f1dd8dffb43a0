"""What a template that is sent is for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0004_past_spending")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="category",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        )
    ]
