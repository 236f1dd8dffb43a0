"""How one account's number behaves: speeds, mischief and limits, changed through the control address."""

import msgspec

STANDARD_THROUGHPUT_PER_S = 80
MESSAGES_AT_ONCE_MAX = 1000


class Behaviour(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Settings of one account. Times in milliseconds, as [least, most]; rates from 0 to 1."""

    sent_ms: tuple[int, int] = (120, 400)
    delivered_ms: tuple[int, int] = (300, 900)
    read_ms: tuple[int, int] = (900, 4000)
    statuses: bool = True
    reads: bool = True
    typing_ms: tuple[int, int] = (2500, 9000)
    template_review_ms: int = 2000
    batch_max: int = MESSAGES_AT_ONCE_MAX
    batch_wait_ms: int = 0
    posts_at_once: int = 4
    duplicate_rate: float = 0.0
    disorder_rate: float = 0.0
    retry_scale: float = 0.1
    post_timeout_ms: int = 10_000
    throughput_per_s: int = STANDARD_THROUGHPUT_PER_S
    enforce_throughput: bool = True
    pair_limit: bool = True
    enforce_window: bool = False
    customers: bool = True
    replies: bool = True
    keep_sent: int = 20_000

    def __post_init__(self) -> None:
        for name in ("sent_ms", "delivered_ms", "read_ms", "typing_ms"):
            least, most = getattr(self, name)
            if not 0 <= least <= most:
                raise ValueError(f"{name} wants [least, most], both at least 0")
        for name in ("duplicate_rate", "disorder_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} lies between 0 and 1")
        if not 1 <= self.batch_max <= MESSAGES_AT_ONCE_MAX:
            raise ValueError(f"batch_max lies between 1 and {MESSAGES_AT_ONCE_MAX}")
        if self.posts_at_once < 1 or self.throughput_per_s < 1:
            raise ValueError("posts_at_once and throughput_per_s are at least 1")


QUICK = Behaviour(
    sent_ms=(0, 0),
    delivered_ms=(0, 0),
    read_ms=(0, 0),
    typing_ms=(0, 0),
    template_review_ms=0,
    posts_at_once=1,  # in order, so that tests can say what comes after what
    retry_scale=0.01,
    customers=False,
    replies=False,
    pair_limit=False,
)


def changed(behaviour: Behaviour, values: dict[str, object]) -> Behaviour:
    """Return the behaviour with some settings replaced.

    Raises: msgspec.ValidationError for an unknown name or a wrong value.
    """
    return msgspec.convert({**msgspec.structs.asdict(behaviour), **values}, Behaviour)
