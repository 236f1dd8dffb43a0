"""Meta's hosts: the only ones that a Cloud API channel calls."""

from datetime import date

from troth.base.http.hosts import Host, declare_host
from troth.channels.cloud.words import _

META = "Meta Platforms"
WHERE = _("United States and the European Union; a number can be set to keep its messages in one country")

# What stands in the bodies of our calls, in words; key by key it is in `sent.py`.
GRAPH = Host(
    name="graph.facebook.com",
    of=META,
    purpose=_("To deliver your messages by WhatsApp and to look after your connected numbers"),
    sends=(
        _("The WhatsApp number or id of the person you write to"),
        _("What your team writes: words, captions, files, places, contact cards, buttons, templates"),
        _("The ids of messages that are answered or reacted to"),
        _("Your WhatsApp account's own ids and access token"),
        _("The address at which this installation takes news, and the word that proves it"),
    ),
    where=WHERE,
    part="channels.cloud",
)
MEDIA = Host(
    name="lookaside.fbsbx.com",
    of=META,
    purpose=_("To fetch the pictures and files that people send you"),
    sends=(_("To fetch a file: its id, and your WhatsApp account's access token"),),
    where=WHERE,
    part="channels.cloud",
)
# The one call that Meta answers elsewhere. Source: Meta, "Template archival" (of 2026-06-02, read 2026-11-29).
ARCHIVE = Host(
    name="api.facebook.com",
    of=META,
    purpose=_("To put your templates into WhatsApp's archive and to take them out again"),
    sends=(_("To archive a template: its id, and your WhatsApp account's own id and access token"),),
    where=WHERE,
    since=date(2026, 12, 29),
    part="channels.cloud",
)
# Where the definitions of forms lie. Source: Meta, "Flows API" (read 2026-11-29); answers of 2024 to 2026 name both hosts.
FORMS = tuple(
    Host(
        name=name,
        of=META,
        purpose=_("To read which screens and fields your forms (Flows) have"),
        sends=(_("To read a form: the address that Meta gave for it, which holds nothing of yours"),),
        where=WHERE,
        since=date(2026, 12, 29),
        part="channels.cloud",
    )
    for name in ("mmg.whatsapp.net", "scontent.xx.fbcdn.net")
)


def declare() -> None:
    """Allow the outbound client to call them."""
    declare_host(GRAPH)
    declare_host(MEDIA)
    declare_host(ARCHIVE)
    for host in FORMS:
        declare_host(host)
