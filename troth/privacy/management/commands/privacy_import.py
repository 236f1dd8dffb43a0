"""`python -m django privacy_import <handle> <file>`: restores the copy of a workspace into an empty one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from troth.base.ids import new_id
from troth.base.sealed_files import SealedWriter
from troth.base.sealing import INSTALLATION, ring
from troth.privacy.management.commands.privacy_cases import workspace_of
from troth.privacy.models import DataImport, ImportState
from troth.privacy.rights.exports import places
from troth.privacy.rights.imports.job import restore
from troth.privacy.rights.imports.uploads import NotEmpty, SealedFile, take
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

CHUNK = 1024 * 1024


class Command(BaseCommand):
    help = "Checks a copy and restores it into an empty workspace, or refuses it and changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("handle", help="the word that stands for the workspace in addresses")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        workspace_id = workspace_of(options["handle"])
        id = new_id()
        path = places.root() / "arriving" / str(id)
        with options["file"].open("rb") as given, SealedWriter(path, keys=ring(INSTALLATION), name=str(id)) as out:
            while piece := given.read(CHUNK):
                out.write(piece)
        with scope(workspace_id):
            owner = Membership.objects.filter(role=Role.OWNER, removed_at=None).order_by("id").first()
            if owner is None:
                raise CommandError("The workspace has no owner.")
            file = SealedFile(id, path, size=out.size)
            try:
                taken = take(file, by=owner)
            except NotEmpty:
                file.close()
                raise CommandError("The workspace is not empty. Make a new one and restore the copy there.") from None
        restore(str(workspace_id), str(taken.pk))
        with scope(workspace_id):
            taken = DataImport.objects.get(pk=taken.pk)
            if taken.state != ImportState.DONE:
                raise CommandError(f"The file was refused, and nothing was changed: {taken.problems}")
        self.stdout.write(f"{sum(taken.rows.values())} rows")
