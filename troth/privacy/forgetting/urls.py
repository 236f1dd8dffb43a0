"""Addresses of forgetting: erasures, retention, legal holds."""

from django.urls import URLPattern, path

from troth.privacy.forgetting.views import account, certificates, closing, erasures, former, holds, retention

app_name = "forgetting"

_ERASURES = "w/<slug:handle>/privacy/forgetting/"
_RETENTION = "w/<slug:handle>/privacy/retention/"
_HOLDS = "w/<slug:handle>/privacy/holds/"

urlpatterns: list[URLPattern] = [
    path(_ERASURES, erasures.index, name="index"),
    path("w/<slug:handle>/inbox/<uuid:conversation_id>/erasure/", erasures.ask, name="ask"),
    path(f"{_ERASURES}<uuid:erasure_id>/", erasures.show, name="show"),
    path(f"{_ERASURES}<uuid:erasure_id>/undo/", erasures.undo, name="undo"),
    path(f"{_ERASURES}<uuid:erasure_id>/certificate.pdf", erasures.paper, {"form": "pdf"}, name="paper_pdf"),
    path(f"{_ERASURES}<uuid:erasure_id>/certificate.txt", erasures.paper, {"form": "txt"}, name="paper_text"),
    path(_RETENTION, retention.index, name="retention"),
    path(f"{_RETENTION}rule/", retention.rule, name="rule"),
    path(f"{_RETENTION}undo/", retention.take_back, name="take_back"),
    path("w/<slug:handle>/privacy/deletion/", closing.deletion, name="workspace"),
    path("w/<slug:handle>/closing/", closing.closing, name="closing"),
    path("w/<slug:handle>/closing/undo/", closing.undo, name="undo_closing"),
    path("certificate/<str:token>/", certificates.show, name="certificate"),
    path("certificate/<str:token>/certificate.pdf", certificates.paper, {"form": "pdf"}, name="certificate_pdf"),
    path("certificate/<str:token>/certificate.txt", certificates.paper, {"form": "txt"}, name="certificate_text"),
    path("account/deletion/", account.deletion, name="account"),
    path("account/deletion/done/", account.left, name="account_left"),
    path("account/deletion/gone/", account.gone, name="account_gone"),
    path("w/<slug:handle>/privacy/former/", former.index, name="former"),
    path("w/<slug:handle>/privacy/former/<uuid:membership_id>/erasure/", former.erase, name="erase_former"),
    path(_HOLDS, holds.index, name="holds"),
    path("w/<slug:handle>/inbox/<uuid:conversation_id>/hold/", holds.ask, name="hold"),
    path(f"{_HOLDS}<uuid:hold_id>/approval/", holds.approve, name="approve_hold"),
    path(f"{_HOLDS}<uuid:hold_id>/release/", holds.release, name="release_hold"),
]
