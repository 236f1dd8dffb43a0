"""What is answered with a tap: buttons, lists, links."""

from django.utils.translation import gettext as _
from msgspec import Struct

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Choice, Framed, Headed, interactive


class Buttons(Headed, tag="button"):
    """Up to three answers to tap."""

    buttons: list[Choice] = []

    def content(self) -> Content:
        titles = [one.title.strip() for one in self.buttons if one.title.strip()]
        return interactive(self, {"buttons": [{"id": f"b{n}", "title": title} for n, title in enumerate(titles, 1)]})


class Row(Struct, forbid_unknown_fields=True):
    """One line of a list. Rows with one `section` stand under it together."""

    title: str = ""
    description: str = ""
    section: str = ""


class Listed(Framed, tag="list"):
    """A list that opens over the conversation."""

    label: str = ""
    rows: list[Row] = []

    def content(self) -> Content:
        sections: dict[str, list[dict[str, str]]] = {}
        for number, row in enumerate((one for one in self.rows if one.title.strip()), 1):
            line = {"id": f"r{number}", "title": row.title.strip()}
            line |= {"description": row.description.strip()} if row.description.strip() else {}
            sections.setdefault(row.section.strip(), []).append(line)
        if len(sections) > 1 and "" in sections:
            raise CannotSend(_("With several groups, each line needs the heading of its group."))
        listed = [{"title": title, "rows": rows} if title else {"rows": rows} for title, rows in sections.items()]
        return interactive(self, {"label": self.label.strip(), "sections": listed})


class LinkButton(Headed, tag="cta_url"):
    """A button that opens an address."""

    label: str = ""
    url: str = ""

    def content(self) -> Content:
        return interactive(self, {"label": self.label.strip(), "url": self.url.strip()})
