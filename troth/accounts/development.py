"""Addresses that exist in development only: the mails that would have been sent."""

from django.urls import URLPattern, path

from troth.accounts.views import outbox

urlpatterns: list[URLPattern] = [path("mail/", outbox.mails, name="dev_mail")]
