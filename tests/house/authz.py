"""The words in which `tests/house/lines` says who may open which address and what it answers.

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
    in, `others` what a library's route also answers to methods that it does not know, both where that differs. `own` names the member whose the
    thing is: admins find it too, other members do not. `only` names the one who finds it, and no admin does.
    `asks` says that the page of who may open it is what Meta answers just then; for nobody else is Meta asked anything.
    """

    who: Role | str
    answers: dict[str, int]
    form: Form = lambda kept: {}
    names: Form = lambda kept: {}
    prepare: Callable[[Kept], object] = lambda kept: None
    changes: bool = True
    anonymous: dict[str, int] | None = None
    others: tuple[int, ...] = ()
    own: str = ""
    only: str = ""
    asks: bool = False
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
    if line.only and actor != line.only:
        return NOT_FOUND
    if line.own and actor != line.own and not PEOPLE[actor].covers(Role.ADMIN):
        return NOT_FOUND
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
