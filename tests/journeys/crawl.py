"""Walking through the product as a person does: from a first page along every link, one page of each kind."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page, Response

# Links that are no pages of ours (nor is what a browser is told to download), or that would end the walk.
LEFT_OUT = re.compile(r"^/(static|events|hooks)/|/account/logout/$|\.(csv|json|jsonl|pdf|txt)$")
# In development all mails stand here, whomever they are for; so their links are not for whoever walks.
OUTBOX = "/dev/mail/"
ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/w/)[a-z0-9]+|(?<=/)\d+(?=/)|(?<=/)\d{4}-\d\d-\d\d(?=/)"
    r"|(?<=/help/new/)[a-z]+|(?<=^/case/)[^/]+|(?<=/whatsapp/links/)[^/]+"
)


def kind_of(path: str) -> str:
    """Return an address without the ids in it, and without its query: pages of one kind look alike."""
    return ID.sub("*", path.partition("?")[0])


def walk(page: Page, *starts: str) -> Iterator[Response]:
    """Open one page of each kind that can be reached from these, and yield the answer while it is open."""
    waiting, known = list(starts), set[str]()
    while waiting:
        answer = page.goto(waiting.pop(0))
        assert answer is not None
        known.add(kind_of(urlsplit(page.url).path))
        yield answer
        if urlsplit(page.url).path == OUTBOX:
            continue
        for link in page.locator("a[href]:not([download])").evaluate_all("all => all.map((one) => one.href)"):
            to = urlsplit(urljoin(page.url, link))
            kind = kind_of(to.path)
            if to.netloc != urlsplit(page.url).netloc or LEFT_OUT.search(to.path) or kind in known:
                continue
            known.add(kind)
            waiting.append(f"{to.path}?{to.query}" if to.query else to.path)
