"""Where a contact came from: what it wrote, or a phone app's address book."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0021_security_codes")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="source",
            field=models.CharField(
                choices=[("message", "A message"), ("phone_app", "The phone app's address book")],
                db_default="message",
                default="message",
                max_length=16,
            ),
        ),
    ]
