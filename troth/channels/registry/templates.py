"""Templates at a provider."""

import asyncio
from datetime import date

from django.conf import settings
from django.utils.translation import gettext

from troth.base.http.hosts import may_call
from troth.channels.cloud.checks import Check, Graph
from troth.channels.cloud.hosts import ARCHIVE, GRAPH
from troth.channels.cloud.templates import TROUBLES, Listed
from troth.channels.cloud.templates import archive as archive_at_meta
from troth.channels.cloud.templates import delete as delete_at_meta
from troth.channels.cloud.templates import page_of as page_of_templates
from troth.channels.cloud.templates import submit as submit_to_meta
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling, in_time, managing, trusted_hosts
from troth.channels.registry.connections import explain_check
from troth.channels.registry.uploads import upload


def explain_template(kind: str, check: Check) -> str:
    """Return why Meta did not take a template and what to do: in our words, else in Meta's own."""
    assert kind == ChannelKind.CLOUD
    number = check.facts.get("number")
    if number in TROUBLES:
        return gettext(TROUBLES[number])
    return check.facts.get("said") or explain_check(kind, check.code)


def templates_page(link: Link, after: str | None) -> Listed:
    """Return a page of the account's templates. Waits as `ask` does."""
    answer = asyncio.run(
        managing(link, lambda graph: page_of_templates(graph, account_id=link.account_id, after=after))
    )
    return answer or Listed(check=Check(ok=False, code="no_answer"))


def submit_template(link: Link, body: dict[str, object], *, template_id: str | None = None) -> Check:
    """Hand a template in for review, a changed one where its id is given. Waits as `ask` does."""
    answer = asyncio.run(
        managing(
            link, lambda graph: submit_to_meta(graph, account_id=link.account_id, template_id=template_id, body=body)
        )
    )
    return answer or Check(ok=False, code="no_answer")


def delete_template(link: Link, *, name: str, template_id: str | None) -> Check:
    """Delete a template in one language, or in all of them. Waits as `ask` does."""
    answer = asyncio.run(
        managing(
            link, lambda graph: delete_at_meta(graph, account_id=link.account_id, name=name, template_id=template_id)
        )
    )
    return answer or Check(ok=False, code="no_answer")


def archive_template(link: Link, *, template_id: str, away: bool) -> Check:
    """Put a template into the provider's archive, or take it out. Waits as `ask` does."""
    return asyncio.run(_archived(link, template_id, away)) or Check(ok=False, code="no_answer")


async def _archived(link: Link, template_id: str, away: bool) -> Check | None:
    # Meta keeps the archive on a host of its own and without versions; a stand-in for Meta is all hosts in one.
    base_url = settings.GRAPH_BASE_URL.replace(GRAPH.name, ARCHIVE.name)
    async with calling() as client:
        graph = Graph(client, base_url=base_url, version="", token=link.token, app_secret=link.app_secret or None)
        return await in_time(archive_at_meta(graph, account_id=link.account_id, template_id=template_id, away=away))


def may_archive() -> bool:
    """Return whether the provider's archive may be called today: its host was announced some days ahead."""
    return bool(trusted_hosts()) or may_call(ARCHIVE.name)


def archives_from() -> date | None:
    """Return the day from which the provider's archive may be called."""
    return ARCHIVE.since


def upload_sample(link: Link, data: bytes, *, name: str, mime: str) -> Check:
    """Upload the sample of a template's header. Facts: handle. Waits as `ask` does."""
    return upload(link, data, name=name, mime=mime)
