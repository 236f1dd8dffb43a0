"""A workspace's own addresses: what is counted of it."""

from django.urls import URLPattern, path

from troth.privacy.browser.views import usage

app_name = "usage"

urlpatterns: list[URLPattern] = [
    path("privacy/usage/", usage.index, name="index"),
    path("privacy/usage/rows.csv", usage.rows, name="rows"),
    path("privacy/usage/choice/", usage.choose, name="choose"),
]
