"""Templates can be put away, and taken out again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0070_ways")]

    operations = [migrations.AddField("messagetemplate", "put_away_at", models.DateTimeField(null=True))]
