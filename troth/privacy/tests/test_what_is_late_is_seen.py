"""The looks at the running installation see a request that is late and an erasure that does not end."""

from datetime import timedelta

import pytest
import time_machine

from tests.cast import kopi
from troth.audit.record import Actor
from troth.base.clock import now
from troth.privacy.forgetting.look import erasures
from troth.privacy.forgetting.tests.story import Story
from troth.privacy.models import Case
from troth.privacy.rights.cases import open_case
from troth.privacy.rights.kinds import Proof
from troth.privacy.rights.look import cases
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A1.1")]


@pytest.fixture
def story() -> Story:
    made = Story(kopi())
    made.says("Hello", id="wamid.A")
    return made


def test_an_erasure_that_should_be_over_is_seen(story: Story) -> None:
    story.erase()
    assert erasures().ok
    with time_machine.travel(now() + timedelta(days=7, hours=23)):
        assert erasures().ok
    with time_machine.travel(now() + timedelta(days=8, minutes=1)):
        assert erasures().details == {"late": 1}
        assert not erasures().ok


def test_a_request_that_nobody_heard_or_answered_is_seen(story: Story) -> None:
    with scope(story.id):
        open_case("erasure", "contact", story.contact().id, "app", by=Actor.system(), proof=Proof.MEMBER)
        Case.objects.update(acknowledged_at=None)
    assert cases().ok
    with time_machine.travel(now() + timedelta(hours=25)):
        assert cases().details == {"unheard": 1, "late": 0}
        assert not cases().ok
    with scope(story.id):
        Case.objects.update(acknowledged_at=now())
    with time_machine.travel(now() + timedelta(days=31)):
        assert cases().details == {"unheard": 0, "late": 1}
