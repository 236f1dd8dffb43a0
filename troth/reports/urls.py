"""Addresses of figures."""

from django.urls import URLPattern, path

from troth.reports.views import spend

app_name = "reports"

urlpatterns: list[URLPattern] = [
    path("spending/", spend.show, name="spending"),
    path("spending/file/", spend.file, name="spending_file"),
]
