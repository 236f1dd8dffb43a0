"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # it has no types


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # for the same reason
    """Rewrites the addresses inside styles and the imports inside script modules too."""

    support_js_module_import_aggregation = True
