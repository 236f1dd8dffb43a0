"""Every address of the product, by the app that answers it."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("troth.accounts.urls")),
    path("mail/", include("troth.accounts.urls_mail")),
    path("", include("troth.workspaces.urls")),
    path("", include("troth.privacy.browser.urls")),
    path("meta/", include("troth.privacy.meta.urls")),
    path("connect/", include("troth.channels.urls_back")),
    path("w/<slug:handle>/", include("troth.channels.urls")),
    path("w/<slug:handle>/", include("troth.inbox.urls")),
    path("w/<slug:handle>/", include("troth.reports.urls")),
    path("w/<slug:handle>/", include("troth.support.urls")),
    path("staff/", include("troth.support.staff_urls")),
    path("", include("troth.privacy.datamap.urls")),
    path("", include("troth.privacy.forgetting.urls")),
    path("", include("troth.privacy.rights.urls")),
    path("", include("troth.privacy.policy.urls")),
    path("w/<slug:handle>/", include("troth.privacy.browser.urls_workspace")),
]

if settings.DEVELOPMENT:
    from troth.ingest import development

    urlpatterns += [path("dev/", include(development.urlpatterns)), path("dev/", include("troth.accounts.development"))]
