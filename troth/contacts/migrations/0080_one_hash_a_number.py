"""Marks the identities whose hash is of one way to write a number only, from before all ways had one hash."""

from django.db import migrations, models
from django.db.models import Q

from troth.workspaces.walls import Passage


class Migration(migrations.Migration):
    dependencies = [("contacts", "0070_source"), ("workspaces", "0050_phones_from")]

    operations = [
        # Those that are there are of the first form, or nobody knows; those to come are of the second.
        migrations.AddField("identity", "hash_form", models.SmallIntegerField(db_default=1, default=1)),
        migrations.AlterField("identity", "hash_form", models.SmallIntegerField(db_default=2, default=2)),
        migrations.AddIndex(
            "identity",
            models.Index(fields=["workspace", "id"], name="contacts_identity_old_hash", condition=Q(hash_form=1)),
        ),
        Passage(
            "hashes_old()",
            returns="SETOF uuid",
            body="SELECT DISTINCT workspace_id FROM contacts_identity WHERE hash_form = 1",
            reads={"contacts_identity": "workspace_id, hash_form"},
        ),
    ]
