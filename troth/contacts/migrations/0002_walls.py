"""The walls, and the passage of the job that makes old hashes of numbers anew."""

from django.db import migrations

from troth.workspaces.walls import Passage, Wall


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("workspaces", "0002_walls")]

    operations = [
        Wall("Contact"),
        Wall("Identity"),
        Wall("Consent"),
        Wall("Likeness"),
        Wall("Suppression"),
        Wall("Merge"),
        Passage(
            "hashes_old()",
            returns="SETOF uuid",
            body="SELECT DISTINCT workspace_id FROM contacts_identity WHERE hash_form = 1",
            reads={"contacts_identity": "workspace_id, hash_form"},
        ),
    ]
