"""The record of processing activities (GDPR, Article 30), made from the registries and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.http.hosts import Host, hosts
from troth.base.registry import Purpose, Subject
from troth.privacy.datamap.shown import Group, Shown, groups
from troth.workspaces.models import Membership, Role, Workspace

# Which purposes a part of the product serves that calls others.
SERVES: dict[str, frozenset[Purpose]] = {
    "channels": frozenset({Purpose.TALK, Purpose.PEOPLE, Purpose.CONNECT}),
    "media": frozenset({Purpose.TALK}),
    "mail": frozenset({Purpose.NOTICE, Purpose.ACCESS, Purpose.TEAM}),
}


@dataclass(frozen=True)
class Activity:
    """One purpose for which data is processed, in words."""

    title: str
    purpose: str
    subjects: list[str]
    tables: list[str]
    sealed: list[str]
    clear: list[str]
    seen: list[str]
    recipients: list[str]
    transfers: list[str]
    kept: list[str]


@dataclass(frozen=True)
class Record:
    """The whole record of one workspace."""

    workspace: str
    handle: str
    owners: list[str]
    operator: list[str]
    made_at: datetime
    activities: list[Activity]
    measures: list[str]


def record_of(workspace: Workspace) -> Record:
    """Return the record of the workspace in scope, in the language of the reader."""
    return Record(
        workspace=workspace.name,
        handle=workspace.handle,
        owners=_owners(),
        operator=_operator(),
        made_at=now(),
        activities=[_activity(group) for group in groups(lambda said: said.purpose != Purpose.RUN)],
        measures=measures(),
    )


def measures() -> list[str]:
    """Return what protects the data, in general (Article 32)."""
    return [
        _(
            "Names, numbers, messages, notes and secrets are sealed with AES-256-GCM under a key of the workspace's own."
        ),
        _("Keys are wrapped by a master key and kept outside the database; destroying a key makes backups unreadable."),
        _("Walls between workspaces stand three times: in the program, in foreign keys, and in row-level security."),
        _("Every page asks for membership and role on each request; whoever is removed loses sight within seconds."),
        _("Staff of the operator see a workspace only while it lets them, item by item, and each reading is logged."),
        _("Who did and saw what stands in a chain that cannot be changed unseen."),
        _("The program calls declared hosts only, over TLS; the list is public."),
        _("Logs hold ids and no names, numbers or words."),
        _("Connections are encrypted; passwords are hashed with Argon2id; second factors and passkeys are offered."),
        _("Backups live at most 21 days; what was forgotten is forgotten again when one is restored."),
    ]


def recipients_of(purpose: Purpose) -> list[Host]:
    """Return the hosts that get data for a purpose."""
    return [host for host in hosts() if purpose in SERVES.get(host.part.partition(".")[0], frozenset())]


def _activity(group: Group) -> Activity:
    kinds, found = group.kinds, recipients_of(group.purpose)
    return Activity(
        title=str(group.use.title),
        purpose=str(group.use.why),
        subjects=_once(kind.about for kind in kinds if kind.said.subject != Subject.NONE) or [str(kinds[0].about)],
        tables=_once(kind.title for kind in kinds),
        sealed=_once(words for kind in kinds for words in [*kind.sealed, *kind.hashed]),
        clear=_once(f"{words} ({why})" for kind in kinds for words, why in kind.clear),
        seen=[*_once(kind.seen for kind in kinds), *_once(kind.staff for kind in kinds)],
        recipients=_once(f"{host.of}: {_(host.purpose)}" for host in found),
        transfers=_once(f"{host.of}: {_(host.where)}" for host in found),
        kept=_kept(kinds),
    )


def _kept(kinds: list[Shown]) -> list[str]:
    """Return how long, once for all tables of which the same is said."""
    titles: dict[str, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.how_long, []).append(str(kind.title))
    return [f"{', '.join(named)}: {how_long}" for how_long, named in titles.items()]


def _owners() -> list[str]:
    members = Membership.objects.filter(role=Role.OWNER, removed_at=None).select_related("user").order_by("id")
    return [f"{member.name} <{member.user.email}>" for member in members]


def _operator() -> list[str]:
    """Return who runs this installation, as far as it says so."""
    told = getattr(settings, "OPERATOR", None)
    lines = [str(getattr(told, name, "") or "") for name in ("name", "address", "privacy_email", "email", "phone")]
    return [line for line in lines if line] or [_("The operator of this installation"), settings.BASE_URL]


def _once(words: Any) -> list[str]:
    return list(dict.fromkeys(str(one) for one in words))
