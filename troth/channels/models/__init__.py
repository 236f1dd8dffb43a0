from troth.channels.models.channel import Channel, ChannelKind
from troth.channels.models.notice import ChannelNotice
from troth.channels.models.sight import ChannelMember, ChannelTeam
from troth.channels.models.stop import SendingStop
from troth.channels.models.template import MessageTemplate

__all__ = ["Channel", "ChannelKind", "ChannelMember", "ChannelNotice", "ChannelTeam", "MessageTemplate", "SendingStop"]
