"""What Meta passes on becomes a request with a clock, and the address that Meta is told shows where it stands."""

from typing import Any

import pytest
from django.test import Client

from troth.privacy.meta.tests.conftest import OUR_SECRET
from troth.privacy.meta.tests.test_callbacks import signed
from troth.privacy.models import OperatorCase

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B3.5")]


def test_the_page_that_meta_is_told_of_is_there(settings: Any) -> None:
    settings.META_APP_SECRETS = [OUR_SECRET]
    answer = Client().post("/meta/data-deletion/", {"signed_request": signed()})
    assert answer.status_code == 200
    case = OperatorCase.objects.get()
    assert answer.json()["confirmation_code"] == case.reference
    assert Client().get("/case/" + answer.json()["url"].partition("/case/")[2]).status_code == 200
