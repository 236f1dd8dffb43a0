"""A bucket for tests, in a thread of this process: `with RunningBucket() as bucket: ...`."""

import asyncio
import contextlib
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.bucket.app import Bucket, Trouble
from sandbox.bucket.http import HEAD_BYTES_MAX, converse


async def serve(bucket: Bucket, *, port: int = 0) -> asyncio.Server:
    """Serve a bucket on loopback."""

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await converse(reader, writer, bucket.answer)

    return await asyncio.start_server(visited, "127.0.0.1", port, limit=HEAD_BYTES_MAX)


class RunningBucket:
    """A bucket on a free port, gone at the end with its folder. What it holds and how it behaves is in `bucket`."""

    def __init__(self, **facts: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bucket-")
        self.folder = Path(self._folder.name)
        self.bucket = Bucket(self.folder, **facts)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bucket", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(serve(self.bucket), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._folder.cleanup()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables that lead the product here."""
        return {
            "TROTH_S3_ADDRESS": self.address,
            "TROTH_S3_BUCKET": self.bucket.name,
            "TROTH_S3_REGION": self.bucket.region,
            "TROTH_S3_KEY_ID": self.bucket.key_id,
            "TROTH_S3_SECRET": self.bucket.secret,
            **more,
        }

    def trouble(self, word: str, *, times: int = 1, method: str = "", retry_after: str = "") -> None:
        """Let the next calls go wrong (see `Trouble`)."""
        self.bucket.troubles.append(Trouble(word, times, method, retry_after))

    def held(self) -> dict[str, bytes]:
        """Return what lies there and is not deleted, by key."""
        found = {}
        for key in self.bucket.shelf.names():
            version = self.bucket.shelf.get(key)
            assert version is not None
            assert version.path is not None
            found[key] = version.path.read_bytes()
        return found

    def traces(self, word: str) -> list[str]:
        """Return the keys that hold a word and of which any version is left, deleted or not."""
        return sorted({key for key, _ in self.bucket.shelf.versions() if word in key})

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
