"""The look at the running installation sees a grant whose end nobody wrote down."""

from datetime import timedelta

import pytest
import time_machine

from tests import cast
from troth.base.clock import now
from troth.support.grants import Wish
from troth.support.jobs import keep_promises
from troth.support.look import grants
from troth.support.models.sight import Kind
from troth.support.tests.conftest import asked

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A2.2c")]


def test_a_grant_beyond_its_end_is_seen_until_it_is_written_down(kopi: cast.House) -> None:
    asked(kopi, Wish(Kind.SETTINGS))
    assert grants().ok
    with time_machine.travel(now() + timedelta(hours=73)):
        assert not grants().ok
        keep_promises()
        assert grants().ok
