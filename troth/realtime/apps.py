from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "troth.realtime"
    label = "realtime"
