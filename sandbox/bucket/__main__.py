"""`python -m sandbox.bucket PORT FOLDER`: a bucket on loopback until told to stop."""

import asyncio
import sys
from pathlib import Path

from sandbox.bucket.app import Bucket
from sandbox.bucket.testing import serve


async def _run(port: int, folder: Path) -> None:
    server = await serve(Bucket(folder), port=port)
    print(f"Bucket: http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    try:
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        asyncio.run(_run(int(sys.argv[1]), Path(sys.argv[2])))
    except KeyboardInterrupt:
        sys.exit(130)
