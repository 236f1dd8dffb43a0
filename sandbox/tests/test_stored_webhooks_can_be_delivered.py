"""`deliver` and `say` against a running sandbox and a stand-in for the product."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.calls import call
from sandbox.commands import main
from sandbox.rewrite import NotAWebhook, as_number
from sandbox.testing import RunningSandbox, SandboxError

FILE = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "id": "0",
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "messaging_product": "whatsapp",
                        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "777"},
                        "messages": [
                            {
                                "from": "447700900123",
                                "id": "wamid.A",
                                "timestamp": "1763800000",
                                "type": "text",
                                "text": {"body": "0 é 777"},
                                "context": {"from": "15550001111", "id": "wamid.B"},
                            }
                        ],
                    },
                }
            ],
        }
    ],
}


class Product:
    """A door that checks signatures, and the address that tells what became of a body."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.status = 200
        self.secret = ""
        product = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments: Any) -> None:
                pass

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path.startswith("/dev/deliveries/"):
                    self._say(200, json.dumps(product.outcome(parts.path.rsplit("/", 1)[1])).encode())
                else:
                    self._say(200, parse_qs(parts.query)["hub.challenge"][0].encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                right = "sha256=" + hmac.new(product.secret.encode(), body, hashlib.sha256).hexdigest()
                if self.headers["X-Hub-Signature-256"] != right:
                    self._say(401, b"forged")
                    return
                product.bodies.append(body)
                self._say(product.status, b"")

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def outcome(self, digest: str) -> dict[str, Any]:
        if not any(hashlib.sha256(body).hexdigest() == digest for body in self.bodies):
            return {"state": "unknown", "changes": []}
        change = {"n": 0, "field": "messages", "event": "MessageReceived", "outcome": "applied"}
        return {"state": "digested", "changes": [change]}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox(seed="deliver") as running:
        yield running


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product()
    yield made
    made.close()


@pytest.fixture
def account(sandbox: RunningSandbox, product: Product, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("TROTH_SANDBOX_PORT", str(sandbox.port))
    monkeypatch.setenv("TROTH_PORT", str(product.port))
    monkeypatch.setenv("TROTH_DEV_TOKEN", sandbox.dev_token)
    made = sandbox.create_account()
    product.secret = made["app_secret"]
    url = f"http://127.0.0.1:{product.port}/hooks/cloud/abc"
    status, _answer = call(
        "POST",
        f"{sandbox.url}/v26.0/{made['waba_id']}/subscribed_apps",
        token=made["token"],
        body={"override_callback_uri": url, "verify_token": "x"},
    )
    assert status == 200
    return made


def test_ids_are_rewritten_and_nothing_else() -> None:
    body = as_number(json.dumps(FILE).encode(), phone_number_id="888", display="+1 202-555-0143", waba_id="999")
    value = json.loads(body)["entry"][0]["changes"][0]["value"]
    assert json.loads(body)["entry"][0]["id"] == "999"
    assert value["metadata"] == {"display_phone_number": "12025550143", "phone_number_id": "888"}
    assert value["messages"][0]["context"] == {"from": "12025550143", "id": "wamid.B"}
    assert value["messages"][0]["from"] == "447700900123"
    assert value["messages"][0]["text"]["body"] == "0 é 777"
    assert rb"\u00e9" in body


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"'])
def test_what_is_no_webhook_is_not_rewritten(body: bytes) -> None:
    with pytest.raises(NotAWebhook):
        as_number(body, phone_number_id="1", display="2", waba_id="3")


def test_a_file_arrives_byte_for_byte(
    account: dict[str, Any], product: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(b'{ "entry" : [] , "x":"\xc3\xa9" }\n')
    assert main(["deliver", str(file), "--as", account["numbers"][0]["phone_number_id"], "--channel", "abc"]) == 0
    product.bodies.clear()
    assert main(["deliver", str(file), "--channel", "abc"]) in {0, 1}
    assert product.bodies in ([], [file.read_bytes()])
    capsys.readouterr()


def test_a_folder_goes_as_a_connected_number_twice(
    account: dict[str, Any], product: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(FILE))
    (tmp_path / "_notes.json").write_text("{}")
    number = account["numbers"][0]
    assert main(["deliver", str(tmp_path), "--as", number["display_phone_number"], "--twice"]) == 0
    said = capsys.readouterr().out
    assert len(product.bodies) == 2
    assert number["phone_number_id"].encode() in product.bodies[0]
    assert "HTTP 200" in said
    assert "0 messages MessageReceived: applied" in said
    assert said.count("known before") == 1
    assert "1 files: 1 delivered, 1 applied, 1 repeated" in said


def test_a_refusal_is_told(
    account: dict[str, Any], product: Product, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(FILE))
    product.status = 503
    assert main(["deliver", str(file), "--as", account["numbers"][0]["phone_number_id"]]) == 1
    assert "HTTP 503" in capsys.readouterr().out


def test_sensible_words_when_it_cannot_be(
    account: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["deliver", "/nowhere.json", "--as", account["numbers"][0]["phone_number_id"]]) == 2
    assert "There is no /nowhere.json" in capsys.readouterr().out
    assert main(["deliver", "x.json", "--as", "12345"]) == 2
    assert "has no number 12345" in capsys.readouterr().out
    assert main(["deliver", "x.json", "--as", "990100200300411"]) == 2
    assert "Connect it" in capsys.readouterr().out
    monkeypatch.setenv("TROTH_DEV_TOKEN", "wrong")
    assert main(["deliver", "x.json"]) == 2
    assert "TROTH_DEV_TOKEN" in capsys.readouterr().out
    monkeypatch.setenv("TROTH_SANDBOX_PORT", "9")
    assert main(["deliver", "x.json"]) == 2
    assert main(["say", "+447700900123", "hi"]) == 2
    assert "bin/sandbox serve" in capsys.readouterr().out


def test_a_customer_can_speak_from_the_shell(
    account: dict[str, Any], product: Product, sandbox: RunningSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    number = account["numbers"][0]["phone_number_id"]
    assert main(["say", "+44 7700 900123", "Grüße", "--name", "Ann", "--to", number]) == 0
    assert "Said as 447700900123" in capsys.readouterr().out
    sandbox.wait_for_webhooks()
    message = json.loads(product.bodies[-1])["entry"][0]["changes"][0]["value"]["messages"][0]
    assert message["text"]["body"] == "Grüße"
    assert main(["say", "+447700900123", "hi", "--to", "990100200300411"]) == 1
    assert "nobody listens" in capsys.readouterr().out


def test_a_running_sandbox_serves_tests(account: dict[str, Any], product: Product, sandbox: RunningSandbox) -> None:
    number = account["numbers"][0]["phone_number_id"]
    body = {"messaging_product": "whatsapp", "to": "+447700900123", "text": {"body": "hello"}}
    path = f"{sandbox.url}/v26.0/{number}/messages"
    assert call("POST", path, token=account["token"], body=body)[0] == 200
    sandbox.set_faults(rates={"131016": 1.0})
    assert call("POST", path, token=account["token"], body=body)[0] == 500
    sandbox.set_faults()
    sandbox.set_behaviour(account["waba_id"], enforce_window=True)
    sandbox.wait_for_webhooks()
    assert [sent["body"]["text"] for sent in sandbox.sent(number)] == [{"body": "hello"}]
    assert sandbox.meters()["numbers"][number]["refused"] == {"131016": 1}
    assert sandbox.emit("account_update", {"event": "ACCOUNT_DELETED"}, to=number)["heard"] is False
    statuses = [
        status["status"]
        for raw in product.bodies
        for change in json.loads(raw)["entry"][0]["changes"]
        for status in change["value"].get("statuses", [])
    ]
    assert statuses == ["sent", "delivered", "read"]
    with pytest.raises(SandboxError, match="no business number"):
        sandbox.say("hi", from_="+447700900123", to="999")
