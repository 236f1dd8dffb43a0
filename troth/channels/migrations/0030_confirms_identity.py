"""A number may ask for a confirmation after a person's security code changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0020_templates_whole")]

    operations = [
        migrations.AddField("Channel", "confirms_identity", models.BooleanField(db_default=False, default=False)),
    ]
