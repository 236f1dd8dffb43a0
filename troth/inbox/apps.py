from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "troth.inbox"
    label = "inbox"
