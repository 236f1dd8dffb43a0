"""The stand-in for Meta on a benchmark's stage, and a product that talks to it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.stage import House, Product, Stage, free_port
from sandbox.calls import call
from sandbox.testing import RunningSandbox


@contextmanager
def product_with_meta(stage: Stage) -> Iterator[tuple[Product, RunningSandbox]]:
    """Give a product, nothing of it started yet, and the running sandbox that is its Graph API."""
    with RunningSandbox(seed="bench", port=free_port()) as sandbox:
        environment = stage.fresh()
        environment |= {
            "TROTH_ENV": "development",  # in production the product refuses to call this machine
            "GRAPH_BASE_URL": sandbox.url,
            "TROTH_SANDBOX_PORT": str(sandbox.port),
            "TROTH_DEV_TOKEN": sandbox.dev_token,
        }
        with Product(stage, environment) as product:
            yield product, sandbox


def connected_house(product: Product, sandbox: RunningSandbox, *, per_second: int, **behaviour: Any) -> House:
    """Make a workspace whose number is the sandbox's, at this throughput; its webhooks come to the product's door."""
    account = sandbox.create_account(
        name=f"Bench {secrets.token_hex(3)}", behaviour={"throughput_per_s": per_second, **behaviour}
    )
    house = product.house(
        number_id=account["numbers"][0]["phone_number_id"],
        account_id=account["waba_id"],
        secret=account["app_secret"],
        token=account["token"],
        app_id=account["app_id"],
        messages_per_second=per_second,
    )
    callback = {"override_callback_uri": f"http://127.0.0.1:{product.port}{house.hook}", "verify_token": "verify me"}
    product.start_web()
    status, said = call(
        "POST", f"{sandbox.url}/v26.0/{account['waba_id']}/subscribed_apps", token=account["token"], body=callback
    )
    assert status == 200, said
    return house
