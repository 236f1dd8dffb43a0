"""WhatsApp's no."""

from typing import Any


class No(ValueError):
    """WhatsApp does not do what a device, or whoever plays a phone, asked for. `word` is for machines."""

    def __init__(self, word: str, why: str = "", *, status: int = 400, until: int = 0) -> None:
        super().__init__(why or word)
        self.word, self.status, self.until = word, status, until

    def told(self) -> dict[str, Any]:
        """Return it as a device gets it."""
        return {"error": self.word, "detail": str(self), **({"until": self.until} if self.until else {})}
