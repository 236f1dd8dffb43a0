"""Public addresses of cookies and of reports about children."""

from django.urls import URLPattern, path

from troth.privacy.browser.views import child, cookies

urlpatterns: list[URLPattern] = [
    path("cookies/", cookies.cookies, name="cookies"),
    path("cookies/choice/", cookies.choose, name="cookie_choice"),
    path(".well-known/gpc.json", cookies.gpc, name="gpc"),
    path("report/child/", child.report, name="report_child"),
]
