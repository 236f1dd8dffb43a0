from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "troth.base"
    label = "base"
