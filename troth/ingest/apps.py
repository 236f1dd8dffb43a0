from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "troth.ingest"
    label = "ingest"
