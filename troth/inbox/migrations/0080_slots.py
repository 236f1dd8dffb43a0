"""A message may have several files, each at its place; a file may still have to be made from another one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0070_observed")]

    operations = [
        migrations.AddField(
            "attachment", "slot", models.CharField(blank=True, db_default="", default="", max_length=32)
        ),
        migrations.AddField("attachment", "copy_of", models.UUIDField(null=True)),
        migrations.RemoveConstraint("attachment", "inbox_attachment_once"),
        migrations.AddConstraint(
            "attachment",
            models.UniqueConstraint(fields=("workspace", "message", "slot"), name="inbox_attachment_once"),
        ),
    ]
