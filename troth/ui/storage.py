"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from pathlib import PurePath

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it has no types


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # for the same reason
    """Rewrites the addresses inside styles and the imports inside script modules too, and leaves comments out."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: File[bytes]) -> str:
        path = PurePath(name)
        if path.suffix in (".css", ".js") and "vendor" not in path.parts:
            from troth.ui.shortening import SHORTENED  # noqa: PLC0415  # only who gathers files needs its readers

            content.seek(0)
            content = ContentFile(SHORTENED[path.suffix](content.read().decode()).encode())
        return str(super()._save(name, content))
