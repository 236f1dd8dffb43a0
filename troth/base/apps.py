from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class BaseConfig(AppConfig):
    name = "troth.base"
    label = "base"

    def ready(self) -> None:
        # Every process knows the whole registry, the tables of libraries too, or exports and erasure would pass them by.
        import_module(settings.DATA_DECLARATIONS)
