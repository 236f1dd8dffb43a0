from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "troth.workspaces"
    label = "workspaces"
