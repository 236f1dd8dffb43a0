"""Why a mail service did not take a mail."""


class Unacceptable(Exception):
    """The mail is wrong in itself; to send it again would change nothing."""


class Busy(Exception):
    """Not now: `after_s` says in how many seconds at the earliest, where the other side said it."""

    def __init__(self, after_s: int = 0) -> None:
        super().__init__("not now")
        self.after_s = after_s
