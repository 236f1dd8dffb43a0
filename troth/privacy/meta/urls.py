"""Where Meta calls: for the operator's own app, or for the app of one channel."""

from django.urls import URLPattern, path

from troth.privacy.meta import views

urlpatterns: list[URLPattern] = [
    path("data-deletion/", views.data_deletion, name="meta_data_deletion"),
    path("data-deletion/<uuid:channel_id>/", views.data_deletion, name="meta_data_deletion_of"),
    path("deauthorize/", views.deauthorize, name="meta_deauthorize"),
    path("deauthorize/<uuid:channel_id>/", views.deauthorize, name="meta_deauthorize_of"),
]
