from django.apps import AppConfig
from django.conf import settings


class MediaConfig(AppConfig):
    name = "troth.media"
    label = "media"

    def ready(self) -> None:
        from troth.media.bucket_calls import declare_bucket  # noqa: PLC0415  # settings are complete only now

        if settings.MEDIA_BUCKET is not None:
            declare_bucket(settings.MEDIA_BUCKET)
