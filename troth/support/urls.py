"""Addresses of help and of the access log, within a workspace."""

from django.urls import URLPattern, path

from troth.support.views import access, access_log, help

app_name = "support"

urlpatterns: list[URLPattern] = [
    path("help/", help.index, name="help"),
    path("help/new/<slug:problem>/", help.ask, name="ask"),
    path("help/ask-first/", access.ask_first, name="ask_first"),
    path("help/<uuid:help_id>/", help.thread, name="thread"),
    path("help/<uuid:help_id>/messages/", help.write, name="write"),
    path("help/<uuid:help_id>/closure/", help.close, name="close"),
    path("help/grants/<uuid:grant_id>/approval/", access.approve, name="approve"),
    path("help/grants/<uuid:grant_id>/stop/", access.stop, name="stop"),
    path("help/grants/<uuid:grant_id>/narrow/", access.narrow, name="narrow"),
    path("access-log/", access_log.index, name="access_log"),
    path("access-log/chain/", access_log.chain, name="chain"),
    path("access-log/chain.jsonl", access_log.download_chain, name="download_chain"),
    path("access-log/table.csv", access_log.download_table, name="download_table"),
    path("access-log/mail/", access_log.mail, name="anchor_mail"),
]
