from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "troth.contacts"
    label = "contacts"
