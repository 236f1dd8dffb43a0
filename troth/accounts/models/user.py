"""A person who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user. `email` is stored in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


@declares(
    subject="member",
    reach="",
    purpose="access",
    keep="account",
    export="profile",
    erase="blank",
    account="email name phone language theme single_keys last_login",
    secret="password",  # noqa: S106  # a kind of data
    ops="id is_active created_at terms_version terms_accepted_at mail_refused_at mail_refused_why",
    clear={
        "email": "the sign-in address: needed to find the account and to write to it",
        "password": "a one-way argon2id hash",
        "language": "a preference, not personal by itself",
        "theme": "a preference, not personal by itself",
        "single_keys": "a preference, not personal by itself",
        "last_login": "an instant",
    },
)
class User(AbstractBaseUser):
    """A person with a log-in. Knows nothing of workspaces; what the person may do there is a membership."""

    id = IdField()
    email = models.EmailField(max_length=254, unique=True)
    name = SealedText(installation=True)
    phone = SealedText(installation=True, null=True)
    language = models.CharField(max_length=12, blank=True, default="")
    theme = models.CharField(max_length=8, default="system")
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    terms_version = models.CharField(max_length=20, blank=True, default="")
    terms_accepted_at = models.DateTimeField(null=True)
    # The person's mail server sends our mails back, or the person calls them unwanted: notices rest until that is mended.
    mail_refused_at = models.DateTimeField(null=True)
    mail_refused_why = models.CharField(max_length=16, blank=True, default="")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        """Return the name that colleagues see."""
        return str(self.name) or str(_("Former member"))
