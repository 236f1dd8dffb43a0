"""Addresses of requests, copies and imports: in a workspace, of a person, and of people outside who hold a link."""

from django.urls import URLPattern, URLResolver, include, path

from troth.privacy.rights.views import answers, cases, copies, exports, imports, mail, mine, people, status, taking

_CASE = "cases/<uuid:case_id>/"
_EXPORT = "exports/<uuid:export_id>/"
_PERSON = "people/<uuid:conversation_id>/"
_COPY = "rights/copies/<uuid:copy_id>/"

workspace = [
    path("cases/", cases.index, name="cases"),
    path("intake/", cases.intake, name="intake"),
    path(_CASE, cases.show, name="case"),
    path(f"{_CASE}proof/", cases.prove, name="prove"),
    path(f"{_CASE}notes/", cases.note, name="note"),
    path(f"{_CASE}extension/", cases.extend, name="extend"),
    path(f"{_CASE}link/", cases.link, name="link"),
    path(f"{_CASE}act/", answers.act, name="act"),
    path(f"{_CASE}closure/", answers.close, name="close"),
    path(_PERSON, people.show, name="person"),
    path(f"{_PERSON}name/", people.rename, name="rename"),
    path(f"{_PERSON}consent/", people.consent, name="consent"),
    path(f"{_PERSON}cases/", people.ask, name="ask"),
    path("exports/", exports.index, name="exports"),
    path("exports/new/", exports.create, name="create_export"),
    path(_EXPORT, exports.show, name="export"),
    path(f"{_EXPORT}download/", exports.download, name="download"),
    path(f"{_EXPORT}sending/", exports.send, name="send_export"),
    path("import/", imports.index, name="imports"),
    path("import/<uuid:import_id>/", imports.show, name="import"),
]

personal = [
    path("rights/", mine.index, name="mine"),
    path("rights/requests/", mine.ask, name="ask"),
    path("rights/requests/<uuid:case_id>/confirmation/", mine.confirm, name="confirm"),
    path("rights/copies/", copies.create, name="copy"),
    path(_COPY, copies.show, name="show_copy"),
    path(f"{_COPY}download/", copies.download, name="download_copy"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:handle>/privacy/", include((workspace, "rights"))),
    path("account/", include((personal, "rights_personal"))),
    path("case/<str:token>/", status.show, name="status"),
    path("copy/<str:token>/", taking.take, name="take"),
    path("mail/privacy/", mail.receive, name="privacy_mail"),
]
