"""The words of a case: what is asked, by whom, on which way it came, how we know who asks, and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What somebody asks for."""

    ACCESS = "access", _("See their data")
    CORRECTION = "correction", _("Have it corrected")
    ERASURE = "erasure", _("Be deleted")
    EXPORT = "export", _("Take their data along")
    RESTRICTION = "restriction", _("Have it left alone")
    OBJECTION = "objection", _("Get no marketing")
    WITHDRAWAL = "withdrawal", _("Take a consent back")
    CHILD = "child", _("Report a child's data")
    OTHER = "other", _("Something else")


class SubjectKind(models.TextChoices):
    """Whose data it is about."""

    CONTACT = "contact", _("A contact")
    MEMBER = "member", _("A person with an account")
    WORKSPACE = "workspace", _("A workspace")
    UNKNOWN = "unknown", _("Not known yet")


class Route(models.TextChoices):
    """On which way a request came."""

    APP = "app", _("In the app")
    MAIL = "mail", _("By e-mail")
    PHONE = "phone", _("By phone")
    WHATSAPP = "whatsapp", _("In WhatsApp")
    FORM = "form", _("By form")


class Proof(models.TextChoices):
    """How we know that whoever asks is who they say."""

    NONE = "", _("Not shown yet")
    CONVERSATION = "conversation", _("Wrote from their own WhatsApp")
    SIGNED_IN = "signed_in", _("Was signed in")
    MEMBER = "member", _("A member of the team knows them")


class Outcome(models.TextChoices):
    """How a case ended."""

    DONE = "done", _("Done")
    PARTLY = "partly", _("Partly done")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("No longer wanted")
    UNPROVEN = "unproven", _("Nobody showed that it was them")


class Refusal(models.TextChoices):
    """Why a request may be refused.

    Source: Regulation (EU) 2016/679, articles 11(2), 12(5), 15(4), 17(3), 21(1).
    """

    UNFOUNDED = "unfounded", _("It is plainly unfounded, or asked again and again")
    UNIDENTIFIED = "unidentified", _("We cannot tell which data is theirs")
    LEGAL_DUTY = "legal_duty", _("The law obliges us to keep it")
    CLAIMS = "claims", _("It is needed for a legal claim")
    OTHERS = "others", _("It would take away the rights of others")
    EXPRESSION = "expression", _("Freedom of expression and information")


PRIORITY_DAYS = {Kind.CHILD: 3}
