"""The payload bank: webhook bodies as Meta writes them, the same ones for the same seed."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

PEOPLE = 10_000


def _words(text: str) -> list[str]:
    return text.split()


WORDS = _words(
    "hola buenas tardes quería saber si tienen disponible el modelo azul talla mediana para mañana gracias "
    "hi is my order 1042 on its way yet? the app says delivered but nothing came boleh tolong semak harga "
    "untuk sepuluh kotak terima kasih bom dia ainda posso trocar por outro tamanho مرحبا هل لديكم توصيل اليوم "
    "merci j'attends votre réponse 😊 👍 ok sure perfect"
)
FIRST = _words(
    "Aisha Ben Chidi Dewi Elena Farid Grace Hugo Ines Jamal Kavya Liam Mei Noor Omar Priya Rosa Sami Tariq Yuki"
)
LAST = _words(
    "Alves Bakar Costa Diaz Eze Fonseca Gomez Haddad Ibrahim Jensen Kumar Lim Mendes Nasser Okoye Park Quispe Rao"
)


@dataclass(frozen=True, slots=True)
class Bank:
    """Bodies for one connected number. `run` makes message ids differ from those of any other run."""

    account_id: str
    number_id: str
    secret: str
    run: int
    base_s: int
    seed: int = 22

    def wamid(self, index: int) -> str:
        """Return the id of a message of this bank."""
        return f"wamid.HBgL{self._digest('id', index).hex()[:40].upper()}{self.run:04X}{index:08X}"

    def phone(self, person: int) -> str:
        """Return a made-up person's number, digits without plus."""
        return f"6011{20_000_000 + person}"

    def person_of(self, index: int, *, people: int = PEOPLE) -> int:
        """Return who wrote a message: anybody of these people, equally often."""
        return int.from_bytes(self._digest("who", index)[:6], "big") % people

    def text(self, index: int) -> str:
        """Return what a message says: 3 to 24 words."""
        digest = self._digest("text", index)
        return " ".join(WORDS[digest[place % 32] * 7 % len(WORDS)] for place in range(1, 4 + digest[0] % 22))

    def message(self, index: int, *, person: int | None = None) -> dict[str, Any]:
        """Return the part of a body that is one message."""
        who = self.person_of(index) if person is None else person
        return {
            "from": self.phone(who),
            "from_user_id": self._user_id(who),
            "id": self.wamid(index),
            "timestamp": str(self.base_s + index // 1000),
            "text": {"body": self.text(index)},
            "type": "text",
        }

    def contact(self, person: int) -> dict[str, Any]:
        """Return the part of a body that names a sender."""
        name = f"{FIRST[person % len(FIRST)]} {LAST[person // len(FIRST) % len(LAST)]} {person}"
        return {"profile": {"name": name}, "wa_id": self.phone(person), "user_id": self._user_id(person)}

    def body(self, index: int) -> bytes:
        """Return a whole body with one message."""
        who = self.person_of(index)
        return self.encode({"contacts": [self.contact(who)], "messages": [self.message(index, person=who)]})

    def first_words(self, people: range, *, first_index: int) -> bytes:
        """Return one body with a message from each of these people."""
        return self.encode(
            {
                "contacts": [self.contact(who) for who in people],
                "messages": [self.message(first_index + place, person=who) for place, who in enumerate(people)],
            }
        )

    def encode(self, value: dict[str, Any]) -> bytes:
        """Return the bytes of a body with one change, escaped as Meta escapes."""
        metadata = {"display_phone_number": "60312345678", "phone_number_id": self.number_id}
        change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
        body = {"object": "whatsapp_business_account", "entry": [{"id": self.account_id, "changes": [change]}]}
        return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()

    def request(self, body: bytes, *, path: str) -> bytes:
        """Return the whole signed HTTP request, ready for the wire."""
        signature = hmac.digest(self.secret.encode(), body, "sha256").hex()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
            f"Content-Type: application/json\r\nX-Hub-Signature-256: sha256={signature}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _user_id(self, person: int) -> str:
        return f"MY.{7_000_000_000_000_000 + person}"

    def _digest(self, what: str, index: int) -> bytes:
        return hashlib.blake2b(f"{self.seed}|{what}|{index}".encode(), digest_size=32).digest()
