"""A process is killed between the store and the database, in either order: what is done again comes to the same, no file is
left without its row, and no row without its file says that it is here."""

import io
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from PIL import Image

from tests.cast import House, kopi
from tests.keepers import BUCKET, FOLDER, VERSIONED, Keeping, kept_in, use
from tests.postgres import in_fresh_database
from troth.base.clock import now
from troth.base.http.blocking import close_sync
from troth.base.whole_files import FileTarget
from troth.channels import registry
from troth.channels.cloud.media import Fetched
from troth.inbox.files import fetching
from troth.inbox.models import Attachment, AttachmentState, Message
from troth.inbox.tests.arriving import said, told
from troth.media import store
from troth.media.bucket import Bucket
from troth.media.clearing import clear
from troth.media.folder import Folder
from troth.media.models import Condemned
from troth.workspaces.scope import scope

pytestmark = pytest.mark.slow
WRITES = {FOLDER: (FileTarget, "finish"), BUCKET: (Bucket, "put"), VERSIONED: (Bucket, "put")}
DELETES = {FOLDER: (Folder, "remove"), BUCKET: (Bucket, "remove"), VERSIONED: (Bucket, "remove")}


@pytest.fixture(params=[FOLDER, BUCKET, VERSIONED])
def keeper(request: pytest.FixtureRequest, settings: Any, tmp_path: Any, django_db_blocker: Any) -> Iterator[Keeping]:
    with kept_in(request.param) as made, django_db_blocker.unblock(), in_fresh_database(_database()):
        use(made, settings, tmp_path)
        if made.running:
            store.in_bucket().current()  # the mark is there: the first write below is a file's
        yield made
        close_sync()


def _database() -> str:
    return f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_files"


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def arrived(house: House) -> UUID:
    """Let a picture be expected; return its row's id."""
    told(house, said(house, "Look", id="wamid.A", name="Mei"))
    with scope(house.id):
        message = Message.objects.latest("id")
        message.content = {"kind": "image", "media": {"id": "1"}}
        message.save(update_fields=["content"])
        id: UUID = Attachment.objects.create(message=message, next_attempt_at=now()).id
    return id


def dies(work: Callable[[], object], *, after: tuple[type, str], times: int = 1) -> None:
    """Do something in a process of its own that is killed right after it did this so many times."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        kind, name = after
        real, done = getattr(kind, name), 0

        def last(*given: Any, **more: Any) -> Any:
            nonlocal done
            answer, done = real(*given, **more), done + 1
            if done == times:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        setattr(kind, name, last)
        work()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Let Meta give a picture to whoever asks."""
    data = picture()

    def give(_link: object, _media_id: str, sink: Callable[[bytes], object]) -> Fetched:
        sink(data)
        return Fetched(ok=True, size_bytes=len(data))

    monkeypatch.setattr(registry, "fetch", give)
    return data


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_is_here_and_whose_row_does_not_know_is_fetched_again(
    keeper: Keeping, sent: bytes, times: int
) -> None:
    house = kopi()
    id = arrived(house)
    dies(lambda: fetching.fetch(str(house.id), str(id)), after=WRITES[keeper.kind], times=times)
    with scope(house.id):
        assert Attachment.objects.get(id=id).state == AttachmentState.WAITING
        Attachment.objects.update(next_attempt_at=now())
    assert len(parts(house, id)) == times
    fetching.fetch(str(house.id), str(id))
    with scope(house.id):
        row, files = Attachment.objects.get(id=id), store.files()
    assert (row.state, row.has_preview) == (AttachmentState.HERE, True)
    assert parts(house, id) == {store.WHOLE, store.PREVIEW}
    with files.reader(id) as opened:
        assert len(b"".join(opened.pieces())) == row.size_bytes


def test_a_file_whose_row_went_meanwhile_goes_too(keeper: Keeping, sent: bytes) -> None:
    house = kopi()
    id = arrived(house)
    dies(lambda: fetching.fetch(str(house.id), str(id)), after=WRITES[keeper.kind])
    with scope(house.id):
        Attachment.objects.all().delete()
        assert Condemned.objects.filter(id=id).exists()
    assert clear(house.id) == 1
    assert parts(house, id) == set()


def test_a_file_that_was_deleted_and_is_still_noted_is_deleted_again(keeper: Keeping, sent: bytes) -> None:
    house = kopi()
    id = arrived(house)
    fetching.fetch(str(house.id), str(id))
    with scope(house.id):
        Attachment.objects.all().delete()
    dies(lambda: clear(house.id), after=DELETES[keeper.kind])
    assert parts(house, id) == set()
    with scope(house.id):
        assert Condemned.objects.count() == 1
    assert clear(house.id) == 1
    with scope(house.id):
        assert not Condemned.objects.exists()


def test_a_row_that_goes_while_its_file_arrives_leaves_no_file(
    keeper: Keeping, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note of its deletion was seen to before the file was there."""
    house = kopi()
    id = arrived(house)
    give = registry.fetch

    def meanwhile(*given: Any) -> Fetched:
        with scope(house.id):
            Attachment.objects.all().delete()
        clear(house.id)
        came: Fetched = give(*given)
        return came

    monkeypatch.setattr(registry, "fetch", meanwhile)
    fetching.fetch(str(house.id), str(id))
    assert parts(house, id) == set()


def parts(house: House, id: UUID) -> set[str]:
    """Return what is kept of a file, earlier versions included."""
    beginning = store.beginning(house.id, id)
    return {one.name.removeprefix(beginning) for one in store.keeper().kept(beginning, all_traces=True)}
