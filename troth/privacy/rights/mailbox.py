"""Mail to the privacy address: it opens a case, is answered at once, and does nothing else.

Anybody can write a mail in anybody's name. So a mail only ever opens a case; what was asked is done after the person has
shown who they are: by signing in, or by a word sent from their own WhatsApp.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import get_language

from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring
from troth.privacy.models import Case, OperatorCase
from troth.privacy.models.case import AnyCase
from troth.privacy.rights import words
from troth.privacy.rights.cases import Opened, acknowledge, forward_by, open_case
from troth.privacy.rights.kinds import Kind, Route, SubjectKind
from troth.privacy.rights.phrases import asked
from troth.privacy.rights.telling import answer_mail, tell_operator_of_case, tell_owners_of_case
from troth.privacy.rights.tokens import new_code
from troth.workspaces.scope import scope

BYTES_MAX = 2 * 1024 * 1024
WORDS_CHARS_MAX = 10_000
PAST_MAX = timedelta(minutes=5)  # how old a signed request may be
ANSWERS_A_DAY_MAX = 3  # to one address: a mailbox cannot be flooded through us
_ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,190}")
_HANDLE = re.compile(r"\+([a-z0-9]{4,16})@")
_MACHINES = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@", "bounce")


class Forged(Exception):
    """A request to the mail door is not signed by whoever may post, or is too old."""


class NotAMail(Exception):
    """What came is no mail that could be answered."""


@dataclass(frozen=True)
class Mail:
    """What we take from a mail: nothing of its looks, no attachment."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    id: str
    language: str
    is_automatic: bool


def check_signature(headers: dict[str, str], body: bytes) -> None:
    """Check that a mail relay posted this, lately. Raises: Forged.

    The relay signs "<seconds since 1970>.<body>" with HMAC-SHA-256 under the shared secret. No secret set: nobody may post.
    """
    secret = settings.PRIVACY_MAIL_SECRET.encode()
    stamp, given = headers.get("x-timestamp", ""), headers.get("x-signature", "")
    expected = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    fits = hmac.compare_digest(given.removeprefix("sha256=").encode(), expected.encode())
    if not secret or not fits or not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise Forged
    if abs(now().timestamp() - int(stamp)) > PAST_MAX.total_seconds():
        raise Forged


def take_in(raw: bytes) -> AnyCase | None:
    """Open a case for a mail and answer it, each mail once. None for one that we had. Raises: NotAMail.

    A mail to the address with a workspace's handle after a plus ("privacy+abcdefgh@") is that workspace's to answer.
    """
    mail = read(raw)
    workspace_id = _workspace_of(mail)
    if workspace_id is None:
        return _open(mail, workspace_id=None)
    with scope(workspace_id):
        return _open(mail, workspace_id=workspace_id)


def read(raw: bytes) -> Mail:
    """Return what we take from a mail in its raw form (RFC 5322). Raises: NotAMail."""
    if len(raw) > BYTES_MAX:
        raise NotAMail("too long")
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        sender = parseaddr(str(message.get("From", "")))[1].lower()
        to = [address.lower() for _, address in getaddresses([str(one) for one in message.get_all("To", [])])]
        to += [str(one).strip("<> ").lower() for one in message.get_all("Delivered-To", [])]
        subject, id = _line(message.get("Subject", "")), _line(message.get("Message-ID", ""))
        text, language = _text(message), _line(message.get("Content-Language", ""))
        automatic = _is_automatic(message, sender)
    except (ValueError, LookupError, AttributeError, IndexError, TypeError, RecursionError):
        raise NotAMail("unreadable") from None
    if not _ADDRESS.fullmatch(sender):
        raise NotAMail("no sender")
    return Mail(sender, tuple(to), subject, text, id[:250], language, automatic)


def _open(mail: Mail, *, workspace_id: UUID | None) -> AnyCase | None:
    mark = _mark(mail)
    holder = Case if workspace_id else OperatorCase
    if holder._default_manager.filter(source_hash=mark).exists():
        return None
    request = asked(mail.text) or asked(mail.subject)
    language = request.language if request else words.spoken(mail.language or get_language() or "en")
    subject_kind, subject_id = (SubjectKind.CONTACT, None) if workspace_id else _claimed(mail.sender)
    try:
        with transaction.atomic():
            opened = open_case(
                request.kind if request else Kind.OTHER,
                subject_kind,
                subject_id,
                Route.MAIL,
                by=Actor.system(),
                words=f"{mail.subject}\n\n{mail.text}"[:WORDS_CHARS_MAX],
                address=mail.sender,
                language=language,
                source_hash=mark,
            )
    except IntegrityError:
        return None  # the same mail came twice at once, and the other was faster
    return _begin(opened, mail)


def _begin(opened: Opened, mail: Mail) -> AnyCase:
    case = opened.case
    code = ""
    if isinstance(case, Case):
        code, case.code_hash = new_code()
        case.save(update_fields=["code_hash"])
        tell_owners_of_case(case)
    else:
        if case.subject_kind == SubjectKind.UNKNOWN:
            case.forward_by = forward_by(case.opened_at)
            case.save(update_fields=["forward_by"])
        tell_operator_of_case(case)
    if not mail.is_automatic and _answers_today(case) <= ANSWERS_A_DAY_MAX:
        _answer(opened, mail, code=code)
        acknowledge(case)
    return case


def _answer(opened: Opened, mail: Mail, *, code: str) -> None:
    case = opened.case
    said = words.MAIL[words.spoken(case.language)]
    which = "prove_contact" if code else "prove_member" if case.subject_kind == SubjectKind.MEMBER else "prove_other"
    filled = {
        "link": settings.BASE_URL + reverse("status", args=[opened.token]),
        "account": settings.BASE_URL + reverse("rights_personal:mine"),
        "by": f"{case.due_at:%Y-%m-%d}",
        "code": code,
        "reference": case.reference,
    }
    text = "\n".join(said[part] for part in ("heard", which, "not_you")).format(**filled)
    answer_mail(to=mail.sender, subject=said["subject"].format(**filled), text=text, answers=mail.id or None)


def _claimed(sender: str) -> tuple[SubjectKind, UUID | None]:
    """Return whose the address is, if it is proven to be somebody's here. Whoever wrote has shown nothing by that."""
    user_id = EmailAddress.objects.filter(email=sender, verified=True).values_list("user_id", flat=True).first()
    return (SubjectKind.MEMBER, user_id) if user_id else (SubjectKind.UNKNOWN, None)


def _answers_today(case: AnyCase) -> int:
    """Return how many mails of this sender opened a case today, this one included."""
    recent = type(case)._default_manager.filter(route=Route.MAIL, opened_at__gt=now() - timedelta(days=1))
    return sum(1 for one in recent.only("id", "address").order_by("-opened_at")[:500] if one.address == case.address)


def _workspace_of(mail: Mail) -> UUID | None:
    for address in mail.to:
        named = _HANDLE.search(address)
        if named:
            with connection.cursor() as cursor:
                cursor.execute("SELECT workspace_id FROM workspace_by_handle(%s)", [named.group(1)])
                row = cursor.fetchone()
            if row is not None:
                found: UUID = row[0]
                return found
    return None


def _mark(mail: Mail) -> bytes:
    once = (
        mail.id or hashlib.sha256(f"{mail.sender}\n{mail.subject}\n{mail.text}".encode("utf-8", "replace")).hexdigest()
    )
    return ring(INSTALLATION).index(f"{mail.sender}|{once}", place="privacy_case.source_hash")


def _is_automatic(message: EmailMessage, sender: str) -> bool:
    """Tell whether a machine wrote. Source: RFC 3834."""
    said = str(message.get("Auto-Submitted", "no")).strip().lower()
    bulk = str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    listed = message.get("List-Id") is not None or str(message.get("Return-Path", "x")).strip() == "<>"
    return said != "no" or bulk or listed or sender == own or sender.startswith(_MACHINES)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    text = part.get_content()
    return _readable(str(text))[:WORDS_CHARS_MAX].strip()


def _line(value: object) -> str:
    return " ".join(_readable(str(value)).split())[:500]


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
