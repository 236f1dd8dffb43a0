"""Addresses that mails lead to, and that the mail provider calls. None of them asks for a log-in."""

from django.urls import URLPattern, path

from troth.accounts.views import mail_events, unsubscribe

urlpatterns: list[URLPattern] = [
    path("off/<str:token>/", unsubscribe.unsubscribe, name="mail_off"),
    path("events/", mail_events.events, name="mail_events"),
]
