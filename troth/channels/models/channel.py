"""One connected number."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import HashField, SealedJSON, SealedText
from troth.base.registry import declares
from troth.workspaces.models import Membership, Role, SameWorkspaceKey, ScopedManager, WorkspaceModel
from troth.workspaces.scope import current_workspace_id

MESSAGES_PER_SECOND = 80  # Meta's default throughput of a number


class ChannelKind(models.TextChoices):
    """How a number is connected, which decides whether its messages are stored. Never changes."""

    CLOUD = "cloud", _("WhatsApp Business Cloud API")
    WEB = "web", _("WhatsApp Web")
    FAKE = "fake", _("Made-up channel")


class Way(models.TextChoices):
    """How the number came here. Never decides what the number can do: what Meta says of it does."""

    ENTERED = "entered", _("Entered by hand")
    SIGNED_UP = "signup", _("On Meta's own page")
    PHONE_APP = "phone", _("With the phone app")


class ReadReceipts(models.TextChoices):
    """When customers are told that what they wrote was read. WhatsApp marks everything before as read with it."""

    NEVER = "never", _("Never")
    ANSWERED = "answered", _("When somebody answers")
    OPENED = "opened", _("As soon as somebody opens the conversation")


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, member: Membership) -> Self:
        """Return the channels that a member may see: those open to all, given to them, or given to a team of theirs.

        Owners and admins see all, since they decide who else does.
        """
        if member.may(Role.ADMIN):
            return self
        from troth.channels.models.sight import ChannelMember, ChannelTeam  # noqa: PLC0415  # they point at this model

        given = ChannelMember.objects.filter(channel=OuterRef("pk"), membership=member)
        by_team = ChannelTeam.objects.filter(channel=OuterRef("pk"), team__places__membership=member)
        return self.filter(Q(open_to_all=True) | Exists(given) | Exists(by_team))


class ChannelManager(ScopedManager["Channel"]):
    """Gives the channels of the workspace in scope."""

    def get_queryset(self) -> ChannelQuerySet:
        return ChannelQuerySet(self.model, using=self._db).filter(workspace_id=current_workspace_id())

    def visible_to(self, member: Membership) -> ChannelQuerySet:
        """Return the channels that a member may see."""
        return self.get_queryset().visible_to(member)


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="channels",
    customer="name display_number checks",
    secret="token app_secret previous_app_secret verify_token app_secret_hash previous_app_secret_hash",  # noqa: S106
    ops="id workspace kind number_id wanted_number_id account_id app_id open_to_all confirms_identity created_at created_by"
    " removed_at removed_by messages_per_second quality status paused_until problem_code first_delivery_at"
    " read_receipts catalog_id way on_phone_app connected_at",
    clear={
        "app_secret_hash": "a one-way keyed hash",
        "previous_app_secret_hash": "a one-way keyed hash",
    },
)
class Channel(WorkspaceModel):
    """One connected number. Meta's ids are not phone numbers and stay clear, since they route what comes in.

    `wanted_number_id` is what a person entered; `number_id` takes it over once Meta has confirmed that the token reaches
    that number, so that nobody can occupy a number by typing its id. `catalog_id` is the catalogue that is linked to it at
    Meta, where one is. `checks` holds what each step of connecting found. `on_phone_app` is whether the number lives in the
    WhatsApp Business app too, as Meta said last; `connected_at` since when it is bound. Where it `confirms_identity`, nothing is sent to
    somebody whose security code changed before a member made sure of them.
    """

    kind = models.CharField(max_length=8, choices=ChannelKind)
    name = SealedText()
    display_number = SealedText(null=True)
    number_id = models.CharField(max_length=64, blank=True, default="")
    wanted_number_id = models.CharField(max_length=64, blank=True, default="")
    account_id = models.CharField(max_length=64, blank=True, default="")
    app_id = models.CharField(max_length=64, blank=True, default="")
    token = SealedText(null=True)
    app_secret = SealedText(null=True)
    previous_app_secret = SealedText(null=True)
    app_secret_hash = HashField(null=True)
    previous_app_secret_hash = HashField(null=True)
    verify_token = SealedText(null=True)
    open_to_all = models.BooleanField(default=True)
    confirms_identity = models.BooleanField(default=False, db_default=False)
    messages_per_second = models.PositiveIntegerField(default=MESSAGES_PER_SECOND)
    quality = models.CharField(max_length=16, blank=True, default="")
    status = models.CharField(max_length=24, blank=True, default="")
    paused_until = models.DateTimeField(null=True)
    problem_code = models.IntegerField(null=True)
    first_delivery_at = models.DateTimeField(null=True)
    catalog_id = models.CharField(max_length=64, blank=True, default="")
    way = models.CharField(max_length=8, choices=Way, default=Way.ENTERED, db_default=Way.ENTERED)
    on_phone_app = models.BooleanField(default=False, db_default=False)
    connected_at = models.DateTimeField(null=True)
    read_receipts = models.CharField(max_length=8, choices=ReadReceipts, default=ReadReceipts.NEVER)
    checks = SealedJSON(null=True)
    created_at = models.DateTimeField(default=now)
    created_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    objects: ClassVar[ChannelManager] = ChannelManager()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["number_id"],
                condition=Q(removed_at=None) & ~Q(number_id=""),
                name="channels_channel_number_once",
            ),
        ]
        indexes = [models.Index(fields=["account_id"], name="channels_channel_account")]

    @property
    def is_bound(self) -> bool:
        """Whether the number is ours: confirmed by Meta, and not removed."""
        return bool(self.number_id) and self.removed_at is None

    @property
    def is_draft(self) -> bool:
        """Whether somebody began to connect the number, for the first time or again, and is not through yet."""
        return not self.is_bound and self.token is not None

    @property
    def is_removed(self) -> bool:
        """Whether the number was taken away. Its conversations stay."""
        return self.removed_at is not None and self.token is None

    @property
    def stored(self) -> bool:
        """Whether messages of this channel are kept."""
        return self.kind != ChannelKind.WEB
