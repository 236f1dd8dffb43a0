from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "troth.support"
    label = "support"
