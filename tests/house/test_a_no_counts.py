"""What people said about wanting to hear from us stands with how and when; and nothing is sent that a no would forbid."""

import ast
from pathlib import Path

import pytest

import troth
from tests.cast import kopi
from troth.base.ids import new_id
from troth.channels.models import MessageTemplate
from troth.contacts.consents import latest
from troth.contacts.models import Consent, Contact
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import CannotSend
from troth.inbox.say_template import say_template
from troth.inbox.tests.arriving import NOON, said, told, value
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("L11")

MARKETING = "marketing_messages"
# All that writes into the outbox: what a member says, now or at a time of theirs, also by a template, and what answers a
# request about data. Whoever sends by itself to people who did not ask has to look at `contacts.consents.latest` first,
# with a test of that here.
SENDERS = {"inbox/outbox.py", "inbox/say_template.py", "privacy/rights/whatsapp.py"}


def wish(word: str, at: int) -> dict[str, object]:
    return {"wa_id": "60123456789", "category": MARKETING, "value": word, "timestamp": at, "detail": word}


@pytest.mark.django_db
def test_a_no_is_written_down_with_how_and_when_and_older_news_never_undoes_it() -> None:
    house = kopi()
    told(house, said(house, "Hello", id="wamid.A", name="Mei"))
    for word, at in (("stop", NOON + 100), ("resume", NOON + 50), ("stop", NOON + 100)):
        told(house, value(house, "user_preferences", user_preferences=[wish(word, at)]))
    with scope(house.id):
        person = Contact.objects.get()
        assert latest(person.pk, MARKETING) == "stop"
        facts = {(one.value, one.source, int(one.at.timestamp())) for one in Consent.objects.filter(contact=person)}
        assert {("stop", NOON + 100), ("resume", NOON + 50)} == {(word, at) for word, _, at in facts}
        assert all(source for _, source, _ in facts)


@pytest.mark.django_db
def test_a_later_yes_counts_again() -> None:
    house = kopi()
    told(house, said(house, "Hello", id="wamid.A", name="Mei"))
    for word, at in (("stop", NOON + 100), ("resume", NOON + 200)):
        told(house, value(house, "user_preferences", user_preferences=[wish(word, at)]))
    with scope(house.id):
        assert latest(Contact.objects.get().pk, MARKETING) == "resume"


@pytest.mark.django_db
def test_no_template_for_marketing_is_said_to_whoever_said_no() -> None:
    house = kopi()
    told(house, said(house, "Hello", id="wamid.A", name="Mei"))
    facts = {"language": "en", "status": "APPROVED", "components": [{"type": "BODY", "text": "Come and see us"}]}
    with scope(house.id):
        thread, by = Conversation.objects.get(), Membership.objects.earliest("id")
        offer, notice = (
            MessageTemplate.objects.create(account_id=house.account_id, name=category, category=category, **facts)
            for category in ("MARKETING", "UTILITY")
        )
    told(house, value(house, "user_preferences", user_preferences=[wish("stop", NOON + 100)]))
    with scope(house.id):
        with pytest.raises(CannotSend) as no:
            say_template(thread, offer.pk, {}, by=by, client_id=new_id())
        assert "wants no marketing" in no.value.user_text
        assert not Message.objects.filter(direction="out").exists()
        assert say_template(thread, notice.pk, {}, by=by, client_id=new_id()).direction == "out"


def test_nothing_is_sent_by_itself_but_answers_about_data() -> None:
    root = Path(troth.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "tests" not in path.parts and _queues(ast.parse(path.read_text()))
    }
    assert found == SENDERS


def _queues(tree: ast.AST) -> bool:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == "queue" for call in calls)
