"""What is told of something scheduled that was not sent at its time: why, what to do, and a mail to its author."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.accounts.mail import notify
from troth.base.mails import MailType, declare_mail
from troth.inbox.models import ScheduledMessage
from troth.workspaces.models import Workspace

NOT_SENT = MailType(
    "inbox.not_sent",
    label=gettext_lazy("Scheduled messages that could not be sent"),
    words=gettext_lazy("That a message you had scheduled was not sent at its time, with a link to it."),
    choosable=True,
    on=True,
)


def tell_author(one: ScheduledMessage) -> None:
    """Write to whoever scheduled it, unless they have left."""
    if one.author.removed_at is not None:
        return
    handle = Workspace.current().handle
    url = str(settings.BASE_URL) + reverse("conversation", args=[handle, one.conversation_id])
    words = {"url": url, "workspace": Workspace.current().name, "sentence": reason_text(one.reason)}
    notify(NOT_SENT, one.author.user, template="inbox/mail/not_sent.txt", words=words)


def reason_text(reason: str) -> str:
    """Return why something scheduled was not sent and what to do, in words."""
    texts = {
        "window": _(
            "At its time the customer had not written for 24 hours, so WhatsApp takes no free text. Send it when they write again."
        ),
        "template": _("At its time its template could not be sent to this person any more. Choose another one."),
        "file": _("Its file is no longer here. Remove it, then choose the file again."),
        "number": _("The number was no longer connected at its time."),
        "restored": _(
            "This installation was restored from a copy. It may have been sent or cancelled since: look before you send it."
        ),
        "left": _("Whoever scheduled it may not write in this conversation any more."),
    }
    return texts.get(reason, _("It could not be sent at its time. Look at it and send it again."))


def declare_mails() -> None:
    """Declare the mail. Called once, when the app is ready."""
    declare_mail(NOT_SENT)
