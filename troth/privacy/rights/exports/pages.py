"""The copy as pages to read: an index, and each thread as bubbles. No script, no link outside, nothing fetched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from troth.inbox.screens.names import display_phone, kind_label
from troth.inbox.screens.status import WORDS
from troth.privacy.rights.exports.cells import text_of, whole
from troth.privacy.rights.exports.rows import Row
from troth.ui.formatting import clean, clean_name

THREADS_A_PAGE = 500


@dataclass
class Names:
    """What pages call things by id: contacts, channels, members. Filled while their parts are written."""

    contacts: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    colleagues: dict[str, str] = field(default_factory=dict)

    def contact(self, id: str | None) -> str:
        """Return what a contact is called."""
        if not id:
            return _("Somebody else")
        return self.contacts.get(id) or display_phone(self.phones.get(id, "")) or _("Hidden number")

    def member(self, id: str | None) -> str:
        """Return what a member is called; in a contact's own copy that is a role."""
        return self.members.get(id or "", id or _("Automatic"))


@dataclass(frozen=True)
class Thread:
    """One conversation, for the index."""

    id: str
    name: str
    channel: str
    count: int
    last_at: str

    @property
    def path(self) -> str:
        return f"threads/{self.id}.html"


def page_head(title: str, *, up: str = "") -> str:
    """Return the beginning of any page; `up` leads from it to the index."""
    return str(get_template("privacy/export/head.html").render({"title": clean_name(title), "up": up}))


def page_foot() -> str:
    """Return the end of any page."""
    return str(get_template("privacy/export/foot.html").render({}))


def bubble(row: Row, names: Names, *, contact: str) -> SafeString:
    """Return one message as a bubble."""
    content = row.get("content") or {}
    incoming = row["direction"] == "in"
    author = names.contact(row["sender"]) if row.get("sender") else contact if incoming else _ours(row, names)
    status = "" if incoming else WORDS.get(row["status"], "")
    return format_html(
        '<li class="{}" id="m-{}"><p class="who"><bdi>{}</bdi></p>{}<p class="when">{} {}{}</p></li>\n',
        "in" if incoming else "system" if row["kind"] == "system" else "out",
        row["id"], clean_name(author), _said(row, content), row["at"][:16].replace("T", " "), status,
        f" · {_('edited')}" if row["edited_at"] else "",
    )  # fmt: skip


def _ours(row: Row, names: Names) -> str:
    return _("Phone app") if row["direction"] == "echo" else names.member(row["author"])


def _said(row: Row, content: Mapping[str, Any]) -> SafeString:
    if row["revoked_at"]:
        return format_html('<p class="faint">{}</p>', _("This message was deleted."))
    parts = []
    if row["kind"] != "text":
        parts.append(format_html('<p class="kind">{}</p>', kind_label(row["kind"]) or row["kind"]))
    media = content.get("media")
    if isinstance(media, dict):
        named = " · ".join(str(media[key]) for key in ("name", "mime") if media.get(key))
        parts.append(format_html('<p class="faint"><bdi>{}</bdi></p>', clean_name(whole(named))))
    if content.get("text"):
        parts.append(format_html('<div class="said" dir="auto">{}</div>', clean(whole(str(content["text"])))))
    parts += [facts(content[part]) for part in ("data", "occasion") if isinstance(content.get(part), dict)]
    return mark_safe("".join(parts))  # noqa: S308  every part is made by format_html


def facts(row: Mapping[str, Any]) -> SafeString:
    """Return a row as names and values; what is empty is left out."""
    lines = [
        format_html('<div><dt>{}</dt><dd dir="auto">{}</dd></div>', name.replace("_", " "), clean(text_of(value)))
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]
    return mark_safe(f"<dl>{''.join(lines)}</dl>")  # noqa: S308  every line is made by format_html


def index_pages(
    title: str, *, threads: Sequence[Thread], parts: Sequence[tuple[str, int, str]], made_on: str
) -> Iterator[tuple[str, str]]:
    """Yield path and text of the index, which goes on over as many pages as the threads need."""
    template = get_template("privacy/export/index.html")
    chunks = [threads[n : n + THREADS_A_PAGE] for n in range(0, len(threads), THREADS_A_PAGE)] or [[]]
    names = ["index.html", *(f"index-{n}.html" for n in range(2, len(chunks) + 1))]
    for number, chunk in enumerate(chunks):
        shown = {
            "title": clean_name(title),
            "threads": [(one, clean_name(one.name), clean_name(one.channel)) for one in chunk],
            "parts": parts if number == 0 else [],
            "made_on": made_on,
            "pages": list(enumerate(names, 1)) if len(names) > 1 else [],
            "page": number + 1,
        }
        yield names[number], str(template.render(shown))
