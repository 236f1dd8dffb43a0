"""The address to which Meta's own page comes back."""

from django.urls import URLPattern, path

from troth.channels.views import signups

urlpatterns: list[URLPattern] = [path("meta/", signups.back, name="signup_back")]
