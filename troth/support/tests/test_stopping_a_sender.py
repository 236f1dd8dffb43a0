"""An abusive sender is stopped: what is queued waits, members see why, and nothing is opened to read."""

import pytest

from tests import cast
from troth.audit.models import Entry
from troth.channels import stopping
from troth.inbox.send import connected
from troth.support.models import StaffRole
from troth.support.tests.conftest import NAME, TEXT, behind_door, signed_in, staff, talk_of
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.mark.clause("B2.4")
def test_nothing_leaves_any_number_until_it_is_allowed_again(kopi: cast.House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.inbox.send.ledger.close_old_connections", lambda: None)
    client = behind_door(staff("Sekar", StaffRole.SECURITY))
    assert connected.number(kopi.id, kopi.channel) is not None
    stopped = client.post("/staff/senders/", {"handle": kopi.handle, "reason": "Many people complain"})
    assert stopped.status_code == 302
    assert connected.number(kopi.id, kopi.channel) is None
    with scope(kopi.id):
        other = cast.connect(number_id="100000000000009", account_id="2", secret="another secret")
    assert connected.number(kopi.id, other.pk) is None
    for who in ("Alice", "Bob"):
        told = signed_in(kopi, who).get(f"/w/{kopi.handle}/inbox/").content.decode()
        assert "Many people complain" in told
    assert client.post("/staff/senders/allowance/", {"allow-handle": kopi.handle}).status_code == 302
    assert connected.number(kopi.id, kopi.channel) is not None
    with scope(kopi.id):
        assert list(Entry.objects.values_list("action", "actor_kind")) == [
            ("sending.stopped", "staff"),
            ("sending.allowed", "staff"),
        ]


@pytest.mark.clause("B2.4", "A2.2b")
def test_stopping_opens_nothing_to_read(kopi: cast.House) -> None:
    client = behind_door(staff("Sekar", StaffRole.SECURITY))
    page = client.post("/staff/senders/", {"handle": kopi.handle, "reason": "Spam"}, follow=True).content.decode()
    assert not any(word in page for word in ("Kopi", NAME, TEXT, kopi.handle))
    for path in (f"/w/{kopi.handle}/inbox/", f"/w/{kopi.handle}/inbox/{talk_of(kopi)}/", f"/w/{kopi.handle}/help/"):
        assert client.get(path).status_code == 404
    assert client.post("/staff/senders/", {"handle": kopi.handle, "reason": "Again"}).status_code == 422


@pytest.mark.clause("B2.4")
def test_a_stop_is_lifted_once(kopi: cast.House) -> None:
    by = kopi.users["Vera"].pk
    with scope(kopi.id):
        stopping.stop_sending(reason="Spam", by=by)
        with pytest.raises(stopping.StoppedAlready):
            stopping.stop_sending(reason="Spam", by=by)
        stopping.let_send(by=by)
        with pytest.raises(stopping.NotStopped):
            stopping.let_send(by=by)
