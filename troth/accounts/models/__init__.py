from troth.accounts.models.cache_entry import CacheEntry
from troth.accounts.models.mail_choice import MailChoice
from troth.accounts.models.queued_mail import QueuedMail
from troth.accounts.models.session import Session
from troth.accounts.models.user import User

__all__ = ["CacheEntry", "MailChoice", "QueuedMail", "Session", "User"]
