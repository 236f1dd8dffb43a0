"""The walls."""

from django.db import migrations

from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [Wall("Contact"), Wall("Identity"), Wall("Consent"), Wall("Likeness")]
