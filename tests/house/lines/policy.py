"""Who may open which address of the policy, the promises and what stands around them."""

from tests.house.authz import NOT_ALLOWED, PERSON, Line, act, public
from tests.house.two_houses import Kept
from troth.accounts.models import User
from troth.privacy.policy.versions import versions

_FIRST, _LAST = versions()[0].name, versions()[-1].name


def _unread(kept: Kept) -> None:
    User.objects.update(terms_version="")


LINES: dict[str, Line] = {
    "privacy/": public(200, post=NOT_ALLOWED),
    "privacy/acknowledgement/": act(PERSON, lambda kept: {"version": _LAST}, prepare=_unread),
    "privacy/versions/": public(200, post=NOT_ALLOWED),
    "privacy/versions/<slug:name>/": public(200, post=NOT_ALLOWED, names=lambda kept: {"name": _LAST}),
    "privacy/versions/<slug:old>/<slug:new>/": public(
        200, post=NOT_ALLOWED, names=lambda kept: {"old": _FIRST, "new": _LAST}
    ),
    "promises/": public(200, post=NOT_ALLOWED),
    "security/": public(200, post=NOT_ALLOWED),
    "transparency/": public(200, post=NOT_ALLOWED),
    "contact/": public(200, post=NOT_ALLOWED),
}
