"""The access log: who looked and who did what, its downloads, and whether the chain behind it holds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.lines import line_of
from troth.audit.record import Actor, record
from troth.audit.verify import entries_of_chain, verify
from troth.audit.words import KINDS
from troth.support import log
from troth.support.models import AnchorMail
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Show the newest lines, of one kind if one is chosen."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    before = request.GET.get("before", "")
    lines, more = log.page_of_log(
        kind, before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    )
    shown = {
        "lines": lines,
        "more": more,
        "kind": kind,
        "kinds": [("", _("Everything")), *((key, label) for key, label in KINDS.items())],
        "is_owner": request.member.may(Role.OWNER),
        "is_mailed": AnchorMail.objects.filter(membership=request.member).exists(),
    }
    return render(request, "support/access_log.html", shown)


@member_view(role=Role.ADMIN)
@require_GET
def chain(request: MemberRequest) -> HttpResponse:
    """Follow the chain from its first entry and say whether it holds."""
    return render(request, "support/_chain.html", {"verdict": verify(entries_of_chain())})


@member_view(role=Role.ADMIN)
@require_POST
def download_chain(request: MemberRequest) -> HttpResponse:
    """Give the chain as lines of JSON; that it was given is its last entry."""
    record("audit.downloaded", by=Actor.member(request.member.pk))
    lines = "".join(line_of(entry) for entry in entries_of_chain())
    return _file(lines.encode(), "audit-chain.jsonl", "application/x-ndjson")


@member_view(role=Role.ADMIN)
@require_POST
def download_table(request: MemberRequest) -> HttpResponse:
    """Give the log as a table."""
    kind = request.POST.get("kind", "")
    record("log.downloaded", by=Actor.member(request.member.pk))
    return _file(log.as_csv(kind if kind in KINDS else ""), "access-log.csv", "text/csv; charset=utf-8")


@member_view(role=Role.OWNER)
@require_POST
def mail(request: MemberRequest) -> HttpResponse:
    """Begin or end the daily mail of the chain's head."""
    if AnchorMail.objects.filter(membership=request.member).delete()[0]:
        record("anchor.unmailed", by=Actor.member(request.member.pk))
    else:
        AnchorMail.objects.create(membership=request.member)
        record("anchor.mailed", by=Actor.member(request.member.pk))
    messages.success(request, _("Saved."))
    return redirect("support:access_log", handle=request.workspace.handle)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
