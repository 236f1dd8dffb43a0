"""Who may open which address and what it answers, line by line. A route without a line fails the build.

A line says who may and what such a person is answered; what everybody else is answered follows from it:

- a member's route: anonymous people are sent to log in; strangers, removed members and members whose channel is hidden
  from them find nothing; members with too low a role are told so.
- a person's route: anonymous people are sent to log in; what belongs to another person is not there.
- a public route: everybody is answered alike, by what the browser carries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

from tests.cast import PASSWORD
from tests.house.two_houses import PEOPLE, Kept
from troth.workspaces.models import Role

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TO_LOGIN, TOO_LOW, NOT_FOUND, NOT_ALLOWED = 302, 403, 404, 405
PERSON, PUBLIC, SELF = "person", "public", "self"
Form = Callable[[Kept], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One address of the product."""

    pattern: str
    view: Callable[..., Any]
    words: dict[str, Any]

    @property
    def access(self) -> str | None:
        """The view's mark: public, person, member, or None where it has none."""
        return getattr(self.view, "access", None)

    @property
    def least_role(self) -> Role | None:
        return getattr(self.view, "least_role", None)

    @property
    def names_channel(self) -> bool:
        """Whether the address is about one channel, which may be hidden from some."""
        return "channel_id" in self.words or "conversation_id" in self.words

    def address(self, **values: Any) -> str:
        """Return the address with these values in the places of its words."""
        made = f"/{self.pattern}"
        for word, value in values.items():
            made = made.replace(self._place(word), str(value))
        assert "<" not in made, made
        return made

    def _place(self, word: str) -> str:
        kinds = {UUIDConverter: "uuid", IntConverter: "int", SlugConverter: "slug", StringConverter: "str"}
        return f"<{kinds[type(self.words[word])]}:{word}>"


def routes() -> list[Route]:
    """Return every address that the product answers, in the order in which they are tried."""
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, prefix: str, words: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        found = words | entry.pattern.converters
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, found)
        else:
            assert isinstance(entry, URLPattern)
            assert isinstance(entry.pattern, RoutePattern), "addresses are written as paths, not as expressions"
            assert entry.callback is not None
            yield Route(pattern, entry.callback, found)


@dataclass(frozen=True)
class Line:
    """What one route declares: who may, and the status that a valid request by such a person gets, by method.

    `form` makes that request's body, `names` the address's words where they are not the usual ones, and `prepare` brings
    about what the request needs. `changes` says whether a request that is not a GET changes the database; without that,
    an unchanged database would prove nothing. `anonymous` is what a public route answers to who is not signed
    in, `others` what a library's route also answers to methods that it does not know, both where that differs.
    """

    who: Role | str
    answers: dict[str, int]
    form: Form = lambda kept: {}
    names: Form = lambda kept: {}
    prepare: Callable[[Kept], object] = lambda kept: None
    changes: bool = True
    anonymous: dict[str, int] | None = None
    others: tuple[int, ...] = ()
    why: str = ""


def refusal(line: Line, route: Route, actor: str) -> int | None:
    """Return the status with which somebody is refused, None for who may. Actors are those of Kopi and two more."""
    if line.who == PUBLIC:
        return None
    if actor == "anonymous":
        return TO_LOGIN
    if line.who == PERSON:
        return None
    if line.who == SELF:
        return None if actor == "owner" else NOT_FOUND
    assert isinstance(line.who, Role)
    if actor in ("stranger", "removed"):
        return NOT_FOUND
    if not PEOPLE[actor].covers(line.who):
        return TOO_LOW
    return NOT_FOUND if actor == "hidden" and route.names_channel else None


def answers(line: Line, route: Route, actor: str, method: str) -> set[int]:
    """Return the statuses that an actor may get. To a method that is not declared: none but declared ones, or 405."""
    no = refusal(line, route, actor)
    known = line.answers if line.anonymous is None or actor != "anonymous" else line.anonymous
    if method in known:
        return {no or known[method]}
    return {NOT_ALLOWED, no} if no else {NOT_ALLOWED, *known.values(), *line.others}


def page(who: Role | str, *, status: int = 200, **more: Any) -> Line:
    """A page: it is read, and changes nothing, whatever the method."""
    return Line(who, {"GET": status}, **more)


def act(who: Role | str, form: Form = lambda kept: {}, *, status: int = 302, **more: Any) -> Line:
    """Something that is done: by POST only."""
    return Line(who, {"POST": status}, form, **more)


def form_page(
    who: Role | str, form: Form = lambda kept: {}, *, status: int = 302, shown: int = 200, **more: Any
) -> Line:
    """A page with a form that it takes itself."""
    return Line(who, {"GET": shown, "POST": status}, form, **more)


def public(status: int, *, post: int | None = None, anonymous: int | None = None, **more: Any) -> Line:
    """A page for everybody; `anonymous` is the status where it differs for who is not signed in."""
    posted = {} if post == NOT_ALLOWED else {"POST": status if post is None else post}
    first = None if anonymous is None else {"GET": anonymous, "POST": anonymous}
    return Line(PUBLIC, {"GET": status} | posted, anonymous=first, **({"changes": False} | more))


VIEWER, AGENT, ADMIN, OWNER = Role.VIEWER, Role.AGENT, Role.ADMIN, Role.OWNER
_SETTINGS = "w/<slug:handle>/settings/"
_CHANNEL = "w/<slug:handle>/channels/<uuid:channel_id>/"
_THREAD = "w/<slug:handle>/inbox/<uuid:conversation_id>/"


def _entered(kept: Kept) -> dict[str, Any]:
    return {
        "number_id": "555555555555555",
        "account_id": "666666666666666",
        "token": "EAA" + "x" * 30,
        "app_secret": "f" * 32,
        "name": "Second number",
    }


LINES: dict[str, Line] = {
    # Workspaces
    "w/<slug:handle>/": page(VIEWER, status=302),
    _SETTINGS: page(VIEWER),
    f"{_SETTINGS}name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_SETTINGS}members/": page(VIEWER),
    f"{_SETTINGS}members/leave/": act(VIEWER),
    f"{_SETTINGS}members/<uuid:membership_id>/role/": act(ADMIN, lambda kept: {"role": "viewer"}),
    f"{_SETTINGS}members/<uuid:membership_id>/remove/": act(ADMIN),
    f"{_SETTINGS}invitations/": act(ADMIN, lambda kept: {"email": "new@example.test", "role": "agent"}),
    f"{_SETTINGS}invitations/<uuid:invitation_id>/resend/": act(ADMIN),
    f"{_SETTINGS}invitations/<uuid:invitation_id>/revoke/": act(ADMIN),
    f"{_SETTINGS}teams/": page(VIEWER),
    f"{_SETTINGS}teams/new/": act(ADMIN, lambda kept: {"name": "Another team"}),
    f"{_SETTINGS}teams/<uuid:team_id>/": page(ADMIN),
    f"{_SETTINGS}teams/<uuid:team_id>/name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_SETTINGS}teams/<uuid:team_id>/members/": act(ADMIN, lambda kept: {"members": [kept.ids["member idle"]]}),
    f"{_SETTINGS}teams/<uuid:team_id>/delete/": act(ADMIN),
    # Channels
    "w/<slug:handle>/channels/": page(VIEWER),
    "w/<slug:handle>/channels/connect/": form_page(ADMIN, _entered),
    _CHANNEL: page(VIEWER),
    f"{_CHANNEL}connect/": page(ADMIN),
    f"{_CHANNEL}checks/": act(ADMIN),
    f"{_CHANNEL}checks/<slug:step>/": act(ADMIN),
    f"{_CHANNEL}arrival/": page(ADMIN, status=302),
    f"{_CHANNEL}name/": act(ADMIN, lambda kept: {"name": "Another name"}),
    f"{_CHANNEL}sight/": act(ADMIN, lambda kept: {"open_to": "chosen", "members": [kept.ids["member idle"]]}),
    f"{_CHANNEL}token/": act(ADMIN, lambda kept: {"token": "EAA" + "y" * 30}),
    f"{_CHANNEL}secret/": act(ADMIN, lambda kept: {"app_secret": "e" * 32}),
    f"{_CHANNEL}secret/previous/": act(ADMIN),
    f"{_CHANNEL}removal/": act(ADMIN),
    # Inbox
    "w/<slug:handle>/inbox/": page(VIEWER),
    "w/<slug:handle>/gaps/": page(VIEWER),
    _THREAD: page(VIEWER),
    f"{_THREAD}messages/": act(AGENT, lambda kept: {"text": "An answer"}),
    f"{_THREAD}messages/<uuid:message_id>/offer/": act(AGENT, status=200),
    f"{_THREAD}closure/": act(AGENT),
    f"{_THREAD}reopening/": act(AGENT, prepare=lambda kept: kept.close_conversation()),
    f"{_THREAD}assignment/": act(AGENT, lambda kept: {"member": kept.ids["member admin"]}),
    f"{_THREAD}unread/": act(AGENT, prepare=lambda kept: kept.read_conversation()),
    f"{_THREAD}reading/": act(AGENT, lambda kept: {"up_to": kept.ids["incoming"]}, status=204),
    f"{_THREAD}draft/": Line(AGENT, {"PUT": 204}, lambda kept: {"text": "Begun anew"}),
    # People and their workspaces
    "": page(PERSON, status=302),
    "workspaces/": page(PERSON),
    "workspaces/menu/": page(PERSON),
    "workspaces/new/": form_page(PERSON, lambda kept: {"name": "A new company"}),
    "join/": public(404, why="the browser carries no invitation"),
    "join/decline/": Line(PUBLIC, {"POST": 302}, changes=False),
    "join/<str:token>/": public(302, names=lambda kept: {"token": kept.ids["token"]}, why="the link's secret is kept"),
    "join/accept/": act(PERSON, status=404, changes=False, why="the browser carries no invitation"),
    "account/profile/": form_page(PERSON, lambda kept: {"name": "Another name", "phone": ""}),
    "account/preferences/": form_page(PERSON, lambda kept: {"language": "en", "theme": "dark"}),
    "account/security/": page(PERSON),
    "account/sessions/<uuid:session_id>/end/": act(SELF),
    "account/sessions/end-others/": act(PERSON, prepare=lambda kept: kept.sign_everybody_in_elsewhere()),
    # allauth's own: each guards itself, and asks for a fresh proof of who one is (which our actors have just given)
    "account/login/": public(302, anonymous=200),
    "account/signup/": public(302, anonymous=200),
    "account/logout/": Line(
        PUBLIC, {"GET": 200, "POST": 302}, anonymous={"GET": 302, "POST": 302}, why="it ends the session"
    ),
    "account/terms/": public(200),
    "account/inactive/": public(200, post=NOT_ALLOWED),
    "account/address/": public(302),
    "account/password/reset/": public(200, why="the form is empty"),
    "account/password/reset/code/": public(302, why="nothing was asked for in this browser"),
    "account/password/reset/new/": public(302, why="nothing was asked for in this browser"),
    "account/password/reset/done/": public(200, post=NOT_ALLOWED),
    "account/second-factor/": public(302, why="no log-in is under way in this browser"),
    "account/passkey/": public(302, why="signed in already, or to the log-in page"),
    "account/reauthenticate/": form_page(PERSON, lambda kept: {"password": PASSWORD}, changes=False),
    "account/reauthenticate/code/": page(PERSON, status=302, why="nobody here has an authenticator app"),
    "account/reauthenticate/passkey/": page(PERSON, others=(302,), why="without an answer from a passkey, back again"),
    "account/password/": form_page(PERSON, lambda kept: {"oldpassword": PASSWORD, "password1": "another long one"}),
    "account/password/set/": page(PERSON, status=302, why="everybody here has a password"),
    "account/email/": form_page(PERSON, lambda kept: {"email": "elsewhere@example.test", "action_add": ""}),
    "account/totp/activate/": form_page(
        PERSON, lambda kept: {"code": "1"}, status=200, changes=False, why="wrong code"
    ),
    "account/totp/deactivate/": page(PERSON, status=404, why="nobody here has an authenticator app"),
    "account/recovery-codes/": page(PERSON, status=404, why="nobody here has recovery codes"),
    "account/recovery-codes/generate/": Line(PERSON, {"GET": 200, "POST": 302, "PUT": 302}),
    "account/passkeys/add/": form_page(PERSON, lambda kept: {"credential": "{}"}, status=200, changes=False),
    "account/passkeys/<int:pk>/remove/": Line(SELF, {"GET": 200, "POST": 302, "DELETE": 302}),
    "account/passkeys/<int:pk>/rename/": form_page(SELF, lambda kept: {"name": "Another name"}),
    # Development only
    "dev/mail/": page(PUBLIC, why="development only, from this machine only"),
    "dev/deliveries/<slug:digest>": Line(PUBLIC, {"GET": 401}, names=lambda kept: {"digest": "0" * 64}),
}
