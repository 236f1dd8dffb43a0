"""Logging out."""

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse

from troth.accounts.access import public_view


@public_view("logging out twice is no error")
def logout(request: HttpRequest) -> HttpResponse:
    """Log out, and let the browser drop all that it kept of us: drafts, what waited to be sent, pages to go back to."""
    answer: HttpResponse = account.logout(request)
    if request.method == "POST":
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
