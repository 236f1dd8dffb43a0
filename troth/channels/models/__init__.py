from troth.channels.models.alert import About, DueAlert
from troth.channels.models.channel import Channel, ChannelKind, ReadReceipts, Way
from troth.channels.models.health import BusinessAccount, ChannelHealth, Portfolio
from troth.channels.models.notice import ChannelNotice
from troth.channels.models.phone_sync import PhoneSync, SyncKind, SyncState
from troth.channels.models.rate import Rate
from troth.channels.models.sight import ChannelMember, ChannelTeam
from troth.channels.models.stop import SendingStop
from troth.channels.models.template import MessageTemplate, TemplateSync

__all__ = [
    "About",
    "BusinessAccount",
    "Channel",
    "ChannelHealth",
    "ChannelKind",
    "ChannelMember",
    "ChannelNotice",
    "ChannelTeam",
    "DueAlert",
    "MessageTemplate",
    "PhoneSync",
    "Portfolio",
    "Rate",
    "ReadReceipts",
    "SendingStop",
    "SyncKind",
    "SyncState",
    "TemplateSync",
    "Way",
]
