"""Addresses of the pages about data."""

from django.urls import URLPattern, path

from troth.privacy.datamap.views import destinations, numbers, pages, records, subprocessors

app_name = "datamap"

urlpatterns: list[URLPattern] = [
    path("w/<slug:handle>/privacy/", pages.your_data, name="your_data"),
    path("w/<slug:handle>/privacy/numbers/", numbers.numbers, name="numbers"),
    path("w/<slug:handle>/privacy/numbers/choice/", numbers.choose, name="choose_numbers"),
    path("w/<slug:handle>/privacy/destinations/", destinations.destinations, name="destinations"),
    path("w/<slug:handle>/privacy/record.pdf", records.pdf, name="record_pdf"),
    path("w/<slug:handle>/privacy/record.csv", records.table, name="record_csv"),
    path("account/data/", pages.about_you, name="about_you"),
    path("subprocessors/", subprocessors.subprocessors, name="subprocessors"),
]
