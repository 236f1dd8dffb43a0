"""Addresses of forgetting: erasures, retention, legal holds."""

from django.urls import URLPattern, path

from troth.privacy.forgetting.views import account, certificates, closing, erasures, holds, retention

app_name = "forgetting"

_ERASURES = "w/<slug:handle>/privacy/forgetting/"
_RETENTION = "w/<slug:handle>/privacy/retention/"
_HOLDS = "w/<slug:handle>/privacy/holds/"

urlpatterns: list[URLPattern] = [
    path(_ERASURES, erasures.index, name="index"),
    path("w/<slug:handle>/inbox/<uuid:conversation_id>/erasure/", erasures.ask, name="ask"),
    path(f"{_ERASURES}<uuid:erasure_id>/", erasures.show, name="show"),
    path(f"{_ERASURES}<uuid:erasure_id>/undo/", erasures.undo, name="undo"),
    path(f"{_ERASURES}<uuid:erasure_id>/certificate.<slug:form>", erasures.paper, name="paper"),
    path(_RETENTION, retention.index, name="retention"),
    path(f"{_RETENTION}<slug:key>/", retention.preview, name="preview"),
    path(f"{_RETENTION}<slug:key>/rule/", retention.save, name="save_rule"),
    path(f"{_RETENTION}<slug:key>/undo/", retention.take_back, name="take_back"),
    path("w/<slug:handle>/privacy/deletion/", closing.deletion, name="workspace"),
    path("w/<slug:handle>/closing/", closing.closing, name="closing"),
    path("w/<slug:handle>/closing/undo/", closing.undo, name="undo_closing"),
    path("certificate/<str:token>/", certificates.show, name="certificate"),
    path("certificate/<str:token>/certificate.<slug:form>", certificates.paper, name="certificate_paper"),
    path("account/deletion/", account.deletion, name="account"),
    path("account/deletion/done/", account.left, name="account_left"),
    path("account/deletion/gone/", account.gone, name="account_gone"),
    path(_HOLDS, holds.index, name="holds"),
    path("w/<slug:handle>/inbox/<uuid:conversation_id>/hold/", holds.ask, name="hold"),
    path(f"{_HOLDS}<uuid:hold_id>/approval/", holds.approve, name="approve_hold"),
    path(f"{_HOLDS}<uuid:hold_id>/release/", holds.release, name="release_hold"),
]
