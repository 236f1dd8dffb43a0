"""What may be concluded when an outbound call fails. No error carries an address, a header or a body."""


class HttpError(Exception):
    """Any way in which an outbound call can fail."""


class Refused(HttpError):
    """We may not call this address; nothing was sent.

    The text is the same for every cause: a detailed refusal is a map of the network behind us.
    """

    def __init__(self) -> None:
        super().__init__("This address cannot be used.")


class NotSent(HttpError):
    """No byte of the request left this machine, so it is safe to try again.

    `reason` is one of "dns", "connect", "tls", "timeout" (also: no connection became free in time), "closed".
    """

    def __init__(self, reason: str) -> None:
        super().__init__("The request was not sent.")
        self.reason = reason


class Ambiguous(HttpError):
    """Bytes may have left: the other side may or may not have acted on them.

    `reason` is one of "timeout", "broken" (the connection), "garbled" (the answer is not HTTP).
    `status` is there if the answer had begun before it broke.
    """

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__("It is unknown whether the request was carried out.")
        self.reason = reason
        self.status = status


class TooLarge(HttpError):
    """The other side answered with `status`, but with more bytes than we accept."""

    def __init__(self, *, status: int) -> None:
        super().__init__("The answer is larger than we accept.")
        self.status = status
