"""Threads of merged people are shown in one."""

import django.db.models.deletion
from django.db import migrations, models

import troth.workspaces.models.base
from troth.workspaces.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("contacts", "0020_merges"), ("inbox", "0008_tally")]

    operations = [
        migrations.AddField(
            "Conversation",
            "folded_into",
            troth.workspaces.models.base.SameWorkspaceKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="inbox.conversation",
            ),
        ),
        migrations.AddIndex(
            "Conversation",
            models.Index(
                condition=models.Q(("folded_into__isnull", False)),
                fields=["workspace", "folded_into"],
                name="inbox_conv_folded",
            ),
        ),
        Wall("Conversation"),
    ]
