"""An account's templates at Meta: reading all, submitting, changing, deleting.

Source: Cloud API, templates (read 2026-11-29).
"""

from typing import Any

from msgspec import Struct

from troth.channels.cloud.checks import CallFailed, Check, Graph
from troth.channels.cloud.sent import ARCHIVING, TEMPLATE
from troth.channels.cloud.wire.reading import identifier, items, piece, word
from troth.channels.cloud.words import _

FIELDS = (
    "id,name,status,category,correct_category,previous_category,language,components,parameter_format,quality_score,"
    "rejected_reason"
)
PAGE = 50
PAGE_BYTES_MAX = 4 * 1024 * 1024
PAGES_MAX = 200

# What Meta answers to a template, by its number.
TROUBLES: dict[int, str] = {
    2388019: _("This account has as many templates as Meta allows. Delete some that are not used, then try again."),
    2388023: _(
        "A template of this name and language is being deleted. Meta keeps its name for 30 days: choose another name."
    ),
    2388024: _("There is a template of this name in this language already. Edit that one, or choose another name."),
    2388025: _("Meta does not allow this change now. The page says which changes are possible."),
    2388040: _("One of the texts is longer than Meta allows. Shorten it."),
    2388043: _("Meta asks for an example for every variable."),
    2388047: _("Meta does not take the header: plain words only, no line breaks, no emoji, at most one variable."),
    2388072: _("Meta does not take the text. Look at its variables and its length."),
    2388073: _("Meta does not take the footer: plain words only, no variables, at most 60 characters."),
    2388293: _("There are too many variables for so few words. Write more words around them, or use fewer variables."),
    2388299: _("The text must neither begin nor end with a variable. Put a word before it and after it."),
    2593002: _("Meta no longer has this template. Bring the list up to date."),
}


class Listed(Struct, frozen=True, kw_only=True):
    """One page of an account's templates as Meta gives them; `after` leads to the next one, None at the end."""

    check: Check
    nodes: tuple[dict[str, Any], ...] = ()
    after: str | None = None


async def page_of(graph: Graph, *, account_id: str, after: str | None) -> Listed:
    """Return a page of the account's templates. Raises nothing that Meta or the network does."""
    try:
        answer = await graph.call(
            "GET",
            account_id,
            "message_templates",
            fields=FIELDS,
            limit=str(PAGE),
            after=after,
            max_bytes=PAGE_BYTES_MAX,
        )
    except CallFailed as failed:
        return Listed(check=failed.check())
    paging = piece(answer.get("paging"))
    cursor = word(piece(paging.get("cursors")).get("after"), chars_max=2_000)
    nodes = tuple(node for node in map(piece, items(answer.get("data"))) if node)
    return Listed(check=Check(ok=True), nodes=nodes, after=cursor if paging.get("next") else None)


async def submit(graph: Graph, *, account_id: str, template_id: str | None, body: dict[str, Any]) -> Check:
    """Hand a new template in for review, or a changed one where its id is given. Facts: id, status, category."""
    path = (template_id,) if template_id else (account_id, "message_templates")
    try:
        answer = await graph.call("POST", *path, body=body, declared=TEMPLATE)
    except CallFailed as failed:
        return refused(failed)
    facts = {
        "id": identifier(answer.get("id")),
        "status": word(answer.get("status")),
        "category": word(answer.get("category")),
    }
    return Check(ok=True, facts=facts)


async def delete(graph: Graph, *, account_id: str, name: str, template_id: str | None) -> Check:
    """Delete a template in one language, or in all where no id is given."""
    try:
        await graph.call("DELETE", account_id, "message_templates", name=name, hsm_id=template_id)
    except CallFailed as failed:
        return refused(failed)
    return Check(ok=True)


async def archive(graph: Graph, *, account_id: str, template_id: str, away: bool) -> Check:
    """Put a template into the account's archive, where it counts no more and is deleted after 28 days, or take it out as it
    was before. A call that succeeds may still name the template as one that was refused."""
    try:
        answer = await graph.call(
            "POST",
            account_id,
            "message_templates",
            "archive" if away else "unarchive",
            body={"hsm_ids": [template_id]},
            declared=ARCHIVING,
        )
    except CallFailed as failed:
        return refused(failed)
    done = items(answer.get("archived_templates" if away else "unarchived_templates"))
    if template_id in [str(one) for one in done]:
        return Check(ok=True)
    why = piece(answer.get("failed_templates")).get(template_id)
    said = why if isinstance(why, str) else piece(why).get("error")
    return Check(ok=False, code="unreadable", facts={"said": said[:500] if isinstance(said, str) else ""})


def refused(failed: CallFailed) -> Check:
    """Return why Meta did not do it: facts number (of ours to explain), said (Meta's own words) and the call's."""
    check, error = failed.check(), failed.error
    number = next((one for one in (error.subcode, error.code) if one in TROUBLES), None) if error else None
    facts = {**check.facts, "number": number, "said": error.user_message if error else ""}
    return Check(ok=False, code="template" if number else check.code, facts=facts)
