"""What is said to a person about what they asked, in their conversation, where WhatsApp takes it."""

from django.contrib import messages
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.inbox.outbox import TEXT_MAX
from troth.privacy.models import Case
from troth.privacy.rights import cases
from troth.privacy.rights.views.found import latest_conversation
from troth.privacy.rights.whatsapp import say
from troth.workspaces.access import MemberRequest


def where_to_say(contact: Contact | None) -> Conversation | None:
    """Return the conversation in which this person can be told something now, if there is one."""
    found = latest_conversation(contact) if contact is not None else None
    if found is None or not found.channel.is_bound or not found.window_is_open(at=now()):
        return None
    return found


def tell(request: MemberRequest, contact: Contact | None, case: Case | None, *, farewell: bool = False) -> None:
    """Send the answer of the form, where one was written and WhatsApp takes it; say so where it does not."""
    text = request.POST.get("answer", "").strip()[:TEXT_MAX]
    if not text or request.POST.get("send") != "on" or contact is None:
        return
    conversation = where_to_say(contact)
    if conversation is None:
        messages.warning(request, _("Your answer was not sent: WhatsApp takes no message to this person now."))
        return
    say(conversation, text, farewell=farewell)
    if case is not None:
        cases.acknowledge(case)
