"""Posts signed bodies at a house's door, over one connection that stays open."""

import hashlib
import hmac
import http.client

from tests.live import LiveHouse

OK, NO_ANSWER = 200, 0


class Postman:
    """Of one thread. Hangs up by `close`."""

    def __init__(self, house: LiveHouse) -> None:
        self._house = house
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes, *, secret: str | None = None) -> int:
        """Deliver a body, signed as the house's app does or with another secret, and return the status, 0 for none."""
        signature = hmac.new((secret or self._house.secret).encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        try:
            connection = self._connection or http.client.HTTPConnection("127.0.0.1", self._house.live.port, timeout=10)
            self._connection = connection
            connection.request("POST", f"/hooks/cloud/{self._house.channel}", body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return NO_ANSWER
        return answer.status

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
