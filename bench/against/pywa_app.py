"""pywa on FastAPI, as its documentation shows it, with a handler that stores each message into one table.

Signatures are checked by pywa. It acknowledges after its handlers were called; there is no CRM work behind it.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from psycopg_pool import AsyncConnectionPool

# Asked for by name: they are installed for benchmarks only, and the product's checks know nothing of them.
fastapi: Any = import_module("fastapi")
pywa: Any = import_module("pywa_async")
uvicorn: Any = import_module("uvicorn")

POOL = 10
TABLE = "CREATE TABLE IF NOT EXISTS pywa_message (id text PRIMARY KEY, sender text, at timestamptz, said text)"
INSERT = "INSERT INTO pywa_message VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"

pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=POOL, max_size=POOL, open=False)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute(TABLE)
    yield
    await pool.close()


app = fastapi.FastAPI(lifespan=lifespan)
client = pywa.WhatsApp(
    phone_id=os.environ["BENCH_NUMBER_ID"],
    token="none",
    server=app,
    webhook_endpoint=os.environ["BENCH_PATH"],
    verify_token="verify me",
    app_secret=os.environ["BENCH_SECRET"],
)


async def store(_client: Any, message: Any) -> None:
    """Store one message in a transaction of its own."""
    async with pool.connection() as connection:
        await connection.execute(INSERT, [message.id, message.from_user.wa_id, message.timestamp, message.text])


client.add_handlers(import_module("pywa_async.handlers").MessageHandler(store))


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["TROTH_PORT"]), log_level="warning", access_log=False)
