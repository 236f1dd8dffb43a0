"""Uploads that the app makes and not the number: samples of templates, pictures of profiles."""

import asyncio

from django.conf import settings

from troth.channels.cloud.checks import Check
from troth.channels.cloud.uploads import upload as upload_to_meta
from troth.channels.link import Link
from troth.channels.registry.asking import calling, in_time


def upload(link: Link, data: bytes, *, name: str, mime: str) -> Check:
    """Upload a file by the app of a number. Facts: handle. Waits as `ask` does."""
    return asyncio.run(_uploaded(link, data, name=name, mime=mime)) or Check(ok=False, code="no_answer")


async def _uploaded(link: Link, data: bytes, *, name: str, mime: str) -> Check | None:
    async with calling() as client:
        return await in_time(
            upload_to_meta(
                client,
                base_url=settings.GRAPH_BASE_URL,
                version=settings.GRAPH_VERSION,
                app_id=link.app_id,
                token=link.token,
                app_secret=link.app_secret or None,
                data=data,
                name=name,
                mime=mime,
            )
        )
