"""The other pages about data, as "Your data" names them: each where it is there, to who may open it."""

from dataclasses import dataclass

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from troth.ui.slots import PrivacyLink, privacy_links, register_privacy_link
from troth.workspaces.models import Membership, Role

LINKS = (
    PrivacyLink(
        key="cases", label=_("Requests about data"), words=_("Answer “what do you have of me?” and “delete me”."),
        icon="inbox", path="privacy/cases/", position=10,
    ),
    PrivacyLink(
        key="forgetting", label=_("Deletions"), words=_("Who is being deleted, undoing it, and certificates."),
        icon="trash-2", path="privacy/forgetting/", position=20,
    ),
    PrivacyLink(
        key="exports", label=_("Copies of your data"), words=_("Take everything with you, or what you have of one person."),
        icon="file-text", path="privacy/exports/", position=30,
    ),
    PrivacyLink(
        key="import", label=_("Restore a copy"), words=_("Bring a whole workspace back, or in from elsewhere."),
        icon="database", path="privacy/import/", position=35,
    ),
    PrivacyLink(
        key="retention", label=_("How long you keep"), words=_("Messages for as long as you need them, and no longer."),
        icon="timer", path="privacy/retention/", position=40,
    ),
    PrivacyLink(
        key="holds", label=_("Legal holds"), words=_("What the law keeps from being deleted for now."),
        icon="lock", path="privacy/holds/", position=50,
    ),
    PrivacyLink(
        key="numbers", label=_("Phone numbers"), words=_("Who sees them in full."),
        icon="eye-off", path="privacy/numbers/", position=60,
    ),
    PrivacyLink(
        key="destinations", label=_("Where your data goes"), words=_("Every company and place that gets some of it."),
        icon="arrow-right", path="privacy/destinations/", position=70,
    ),
    PrivacyLink(
        key="access", label=_("Access log"), words=_("Who did and looked at what, staff included."),
        icon="eye", path="access-log/", position=80,
    ),
    PrivacyLink(
        key="help", label=_("Help"), words=_("Ask for help, and say what staff may see."),
        icon="info", path="help/", position=90,
    ),
    PrivacyLink(
        key="usage", label=_("What is counted"), words=_("How often this workspace is used, and the switch."),
        icon="circle-dashed", path="privacy/usage/", position=100,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A link and its address."""

    link: PrivacyLink
    url: str


def register() -> None:
    """Name the pages of this floor. An app that registers the same key afterwards says it better."""
    for link in LINKS:
        register_privacy_link(link)


def places(member: Membership) -> list[Place]:
    """Return the pages that are there and that the member may open."""
    found = []
    for link in privacy_links():
        url = f"/w/{member.workspace.handle}/{link.path}"
        try:
            view = resolve(url).func
        except Resolver404:
            continue
        least = getattr(view, "least_role", None)
        if least is None or member.may(Role(least)):
            found.append(Place(link, url))
    return found
