"""The one way into a workspace for views.

`member_view` finds out in one statement whether the person is a member, tells PostgreSQL the workspace, and keeps it in
scope, in one transaction, until the answer is complete. Whoever is not a member learns nothing: a workspace that does
not exist, one of others and one that the person was removed from answer alike.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple, overload
from uuid import UUID

from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django_htmx.http import HttpResponseClientRedirect

from troth.accounts.access import PersonRequest, View, person_view, public_view, speak_language_of, to_login
from troth.accounts.models import User
from troth.base.fields import SealedText
from troth.base.sealing import using_ring
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import SETTING, ScopeClash, _current

__all__ = ["MemberRequest", "PersonRequest", "handle_of", "member_view", "person_view", "public_view"]

LAST_USED = "workspace"


class MemberRequest(PersonRequest):
    """A request of a member, with the workspace in scope."""

    member: Membership
    workspace: Workspace


@overload
def member_view(view: View, /) -> View: ...


@overload
def member_view(*, role: Role = ..., while_closing: bool = ...) -> Callable[[View], View]: ...


def member_view(
    view: View | None = None, *, role: Role = Role.VIEWER, while_closing: bool = False
) -> View | Callable[[View], View]:
    """Mark a view for members of the workspace that the address names by `handle`, with at least this role.

    While a workspace is being deleted, only views that say so (`while_closing`) answer; all others send there.

    The view gets a `MemberRequest` and the address's other words. Anonymous visitors are asked to sign in, strangers
    and removed members get 404, members with too low a role a page with 403.
    """

    def decorate(inner: View) -> View:
        @wraps(inner)
        def entered(request: HttpRequest, handle: str, **words: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return to_login(request)
            speak_language_of(request)
            with entering(handle, user=request.user) as member:
                request.member, request.workspace = member, member.workspace  # type: ignore[attr-defined]
                _remember(request, handle)
                if member.workspace.closing_at is not None and not while_closing:
                    return _closing(request, handle)
                answer = inner(request, **words) if member.may(role) else _too_low(request, role)
                if isinstance(answer, SimpleTemplateResponse):
                    answer.render()
                return answer

        entered.access = "member"  # type: ignore[attr-defined]
        entered.least_role = role  # type: ignore[attr-defined]
        return entered

    return decorate if view is None else decorate(view)


@contextmanager
def entering(handle: str, *, user: User) -> Iterator[Membership]:
    """Open the scope of the workspace with this handle for one of its members. One query. Raises: Http404."""
    if _current.get() is not None:
        raise ScopeClash("a workspace is in scope already")
    nested = connection.in_atomic_block
    with transaction.atomic():
        entry = _enter(handle, user)
        token = _current.set(entry.workspace_id)
        try:
            with using_ring(str(entry.workspace_id)):
                yield _member(entry, handle, user)
                if nested:
                    _tell_nothing()
        finally:
            _current.reset(token)


def handle_of(request: HttpRequest) -> str | None:
    """Return the handle of the workspace that the request is about, or else of the one that was used last."""
    workspace = getattr(request, "workspace", None)
    if workspace is not None:
        return str(workspace.handle)
    user = getattr(request, "user", None)  # a request that was refused early has none, and its error page asks too
    return request.session.get(LAST_USED) if user is not None and user.is_authenticated else None


class _Entry(NamedTuple):
    """What the passage tells of a membership that may enter; the name is sealed."""

    workspace_id: UUID
    membership_id: UUID
    role: str
    since: datetime
    name: bytes
    workspace_since: datetime
    founder: UUID | None
    phones_from: str
    closing_at: datetime | None


def _enter(handle: str, user: User) -> _Entry:
    with connection.cursor() as cursor:
        cursor.execute(
            # In this order: the workspace shows once its scope is set.
            "SELECT e.*, set_config(%s, e.workspace_id::text, true),"
            " (SELECT w.closing_at FROM workspaces_workspace w WHERE w.id = e.workspace_id)"
            " FROM workspace_enter(%s, %s) e",
            [SETTING, handle, user.pk],
        )
        found = cursor.fetchone()
    if found is None:
        raise Http404
    *entry, _set, closing_at = found
    return _Entry._make([*entry, closing_at])


def _member(entry: _Entry, handle: str, user: User) -> Membership:
    """Make the rows that the passage told of, as the database would give them."""
    workspace = Workspace.from_db(
        None,
        ["id", "handle", "name", "created_at", "created_by_id", "phones_from", "closing_at"],
        [
            *(entry.workspace_id, handle, _opened(entry.name)),
            *(entry.workspace_since, entry.founder, entry.phones_from, entry.closing_at),
        ],
    )
    member = Membership.from_db(
        None,
        ["id", "workspace_id", "user_id", "role", "created_at", "removed_at", "removed_by_id"],
        [entry.membership_id, entry.workspace_id, user.pk, entry.role, entry.since, None, None],
    )
    member.workspace, member.user = workspace, user
    return member


def _opened(sealed: bytes) -> str:
    field = Workspace._meta.get_field("name")
    assert isinstance(field, SealedText)
    return str(field.unseal(sealed))


def _tell_nothing() -> None:
    # Inside an outer transaction the setting would outlive the scope.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])


def _remember(request: HttpRequest, handle: str) -> None:
    # Whole pages only: parts are fetched by themselves, and two open windows would take turns.
    if request.headers.get("HX-Request") != "true" and request.session.get(LAST_USED) != handle:
        request.session[LAST_USED] = handle


def _closing(request: HttpRequest, handle: str) -> HttpResponse:
    """Send whoever still works in a workspace that is being deleted to the page that says so."""
    url = f"/w/{handle}/closing/"
    return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") == "true" else HttpResponseRedirect(url)


def _too_low(request: HttpRequest, role: Role) -> HttpResponse:
    return render(request, "workspaces/too_low.html", {"needed": role.label}, status=403)
