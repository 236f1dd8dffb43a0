"""Addresses of channels: the list, connecting one, and one channel's settings."""

from django.urls import URLPattern, URLResolver, path

from troth.channels.views import channels, checks, connections, credentials, removals, sight

app_name = "channels"

_ONE = "channels/<uuid:channel_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("channels/", channels.index, name="index"),
    path("channels/connect/", connections.create, name="connect"),
    path(_ONE, channels.show, name="channel"),
    path(f"{_ONE}connect/", connections.connection, name="connection"),
    path(f"{_ONE}checks/", checks.create, name="check_all"),
    path(f"{_ONE}checks/<slug:step>/", checks.update, name="check"),
    path(f"{_ONE}arrival/", checks.arrival, name="arrival"),
    path(f"{_ONE}name/", channels.rename, name="rename"),
    path(f"{_ONE}sight/", sight.update, name="sight"),
    path(f"{_ONE}token/", credentials.token, name="token"),
    path(f"{_ONE}secret/", credentials.app_secret, name="secret"),
    path(f"{_ONE}secret/previous/", credentials.end_previous, name="end_previous_secret"),
    path(f"{_ONE}removal/", removals.create, name="remove"),
]
