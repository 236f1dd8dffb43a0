"""Houses for the storm: fast numbers, and calls that take long enough to be interrupted."""

from tests.live import Live, LiveHouse


def fast_house(live: Live, name: str, *, per_second: int, latency_ms: tuple[int, int]) -> LiveHouse:
    """Make a house whose number sends this fast, where nobody's number spells trouble, and each call takes its time.

    A webhook that found nobody there comes again within seconds, however long a part was away: by the scale of other tests
    the seventh attempt would wait for longer than anybody waits here.
    """
    house = live.house(f"House {name}", **{f"Alice{name}": "owner"})
    live.sandbox.set_behaviour(house.account_id, throughput_per_s=per_second, keep_sent=1_000_000, retry_scale=0.001)
    live.sandbox.set_faults(latency_ms=latency_ms, by_recipient=False)
    with live.database() as connection:
        speed = "UPDATE channels_channel SET messages_per_second = %s WHERE id = %s"
        connection.execute(speed, [per_second, house.channel])
    return house
