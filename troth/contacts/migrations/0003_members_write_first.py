"""Contacts may come from a member who writes first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_walls")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="source",
            field=models.CharField(
                choices=[
                    ("message", "A message"),
                    ("phone_app", "The phone app's address book"),
                    ("member", "A member, who wrote first"),
                ],
                db_default="message",
                default="message",
                max_length=16,
            ),
        )
    ]
