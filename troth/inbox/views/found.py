"""Finds what an address names, within what the member may see; anything else is not there."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404

from troth.channels.models import Channel
from troth.inbox.models import Conversation
from troth.inbox.screens.names import Person, person
from troth.workspaces.access import MemberRequest
from troth.workspaces.models import Membership


@dataclass
class Seen:
    """What one member sees: channels and colleagues, each read at most once a request."""

    member: Membership

    @cached_property
    def channels(self) -> dict[UUID, Channel]:
        """The channels that the member may see, removed ones included: their conversations stay readable."""
        rows = Channel.objects.visible_to(self.member).only(
            "id",
            "name",
            "kind",
            "workspace_id",
            "status",
            "account_id",
            "confirms_identity",
            "catalog_id",
            "display_number",
            "number_id",
            "removed_at",
        )
        return {one.id: one for one in rows}

    @cached_property
    def people(self) -> dict[UUID, Person]:
        """All members, by membership."""
        rows = Membership.objects.filter(removed_at=None).select_related("user")
        return {one.id: person(one) for one in rows}

    def conversation(self, id: UUID) -> Conversation:
        """Return a conversation with its contact; the one in which it is shown, where its contact was merged.

        Raises: Http404.
        """
        shown = Conversation.objects.not_restricted(self.member).select_related("contact")
        folded = Conversation.objects.filter(folded_into=OuterRef("pk")).order_by("id").values("id")
        shown = shown.annotate(folded_ids=ArraySubquery(folded))
        found = shown.filter(id=id, channel_id__in=list(self.channels)).first()
        if found is None:
            raise Http404
        return found if found.folded_into_id is None else self.conversation(found.folded_into_id)


def seen(request: MemberRequest) -> Seen:
    """Return what the member of this request sees."""
    return Seen(request.member)
