"""Addresses of the policy, the promises and what stands around them. All public but the acknowledgement."""

from django.urls import path

from troth.privacy.policy.views import contact, policy, promises, security, transparency

app_name = "policy"

urlpatterns = [
    path("privacy/", policy.privacy, name="privacy"),
    path("privacy/acknowledgement/", policy.acknowledge, name="acknowledge"),
    path("privacy/versions/", policy.versions, name="versions"),
    path("privacy/versions/<slug:name>/", policy.version, name="version"),
    path("privacy/versions/<slug:old>/<slug:new>/", policy.differences, name="differences"),
    path("promises/", promises.promises, name="promises"),
    path("security/", security.security, name="security"),
    path("transparency/", transparency.transparency, name="transparency"),
    path("contact/", contact.contact, name="contact"),
]
