"""A workspace can be closing: nobody works in it any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0004_enter_at_once")]

    operations = [migrations.AddField("Workspace", "closing_at", models.DateTimeField(null=True))]
