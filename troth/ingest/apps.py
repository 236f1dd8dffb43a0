from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "troth.ingest"
    label = "ingest"

    def ready(self) -> None:
        from troth.ingest.restored import connect  # noqa: PLC0415  # models are ready only now

        connect()
