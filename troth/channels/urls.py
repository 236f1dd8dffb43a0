"""Addresses of channels: the list, connecting one, and one channel's settings."""

from django.urls import URLPattern, URLResolver, path

from troth.channels.views import (
    channels,
    checks,
    codes,
    connections,
    credentials,
    faces,
    health,
    phones,
    rates,
    registrations,
    removals,
    sight,
    signups,
    template_archive,
    template_editor,
    templates,
)

app_name = "channels"

_ONE = "channels/<uuid:channel_id>/"
_TEMPLATE = f"{_ONE}templates/<uuid:template_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("channels/", channels.index, name="index"),
    path("channels/connect/", connections.create, name="connect"),
    path("channels/signup/<slug:way>/", signups.leave, name="sign_up"),
    path("channels/health/", health.show, name="health"),
    path("channels/codes/", codes.show, name="codes"),
    path("channels/rates/", rates.rates, name="rates"),
    path("channels/rates/sample/", rates.sample, name="rates_sample"),
    path("channels/rates/removal/", rates.remove, name="rates_remove"),
    path(f"{_ONE}health/", health.ask, name="ask_health"),
    path(_ONE, channels.show, name="channel"),
    path(f"{_ONE}connect/", connections.connection, name="connection"),
    path(f"{_ONE}numbers/", signups.choose, name="choose"),
    path(f"{_ONE}registration/", registrations.create, name="register"),
    path(f"{_ONE}phone/", phones.show, name="phone"),
    path(f"{_ONE}checks/", checks.create, name="check_all"),
    path(f"{_ONE}checks/<slug:step>/", checks.update, name="check"),
    path(f"{_ONE}arrival/", checks.arrival, name="arrival"),
    path(f"{_ONE}name/", channels.rename, name="rename"),
    path(f"{_ONE}receipts/", channels.receipts, name="receipts"),
    path(f"{_ONE}catalog/", channels.catalog, name="catalog"),
    path(f"{_ONE}sight/", sight.update, name="sight"),
    path(f"{_ONE}token/", credentials.token, name="token"),
    path(f"{_ONE}secret/", credentials.app_secret, name="secret"),
    path(f"{_ONE}secret/previous/", credentials.end_previous, name="end_previous_secret"),
    path(f"{_ONE}whatsapp/", faces.show, name="face"),
    path(f"{_ONE}whatsapp/picture/", faces.picture, name="change_picture"),
    path(f"{_ONE}whatsapp/<slug:act>/", faces.change, name="change_face"),
    path(f"{_ONE}whatsapp/links/<slug:code>/", faces.sheet, name="sheet"),
    path(f"{_ONE}whatsapp/links/<slug:code>/removal/", faces.remove_link, name="remove_link"),
    path(f"{_ONE}removal/", removals.create, name="remove"),
    path(f"{_ONE}templates/", templates.index, name="templates"),
    path(f"{_ONE}templates/sync/", templates.sync, name="sync_templates"),
    path(f"{_ONE}templates/progress/", templates.progress, name="sync_progress"),
    path(f"{_ONE}templates/new/", template_editor.create, name="new_template"),
    path(_TEMPLATE, templates.show, name="template"),
    path(f"{_TEMPLATE}edit/", template_editor.update, name="edit_template"),
    path(f"{_TEMPLATE}away/", template_archive.put_away, name="put_away_template"),
    path(f"{_TEMPLATE}archive/", template_archive.archive, name="archive_template"),
    path(f"{_TEMPLATE}deletion/", templates.delete, name="delete_template"),
]
