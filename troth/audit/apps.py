from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "troth.audit"
    label = "audit"
