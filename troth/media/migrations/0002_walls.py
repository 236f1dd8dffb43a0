"""The walls."""

from django.db import migrations

from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        Wall("Condemned"),
    ]
