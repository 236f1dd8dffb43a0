"""The walls."""

from django.db import migrations

from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0001_initial"),
        ("channels", "0002_walls"),
        ("contacts", "0002_walls"),
    ]

    operations = [
        Wall("Conversation"),
        Wall("Message"),
        Wall("Reaction"),
        Wall("PendingChange"),
        Wall("Gap"),
        Wall("Activity"),
        Wall("Draft"),
    ]
