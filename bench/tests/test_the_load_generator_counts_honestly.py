import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.bank import Bank
from bench.load import Generator, Orders

BANK = Bank("200000000000001", "100000000000001", "a secret", run=1, base_s=1_790_000_000)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
AWAY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\naway"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
Answer = Callable[[int], bytes | None]


@contextmanager
def server(answer: Answer) -> Iterator[tuple[int, list[bytes]]]:
    """Answer the n-th request with what `answer` says; None hangs up. Gives the port and the bodies that came."""
    listening = socket.create_server(("127.0.0.1", 0))
    bodies: list[bytes] = []
    lock = threading.Lock()

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while lines.readline():
                length = 0
                while (line := lines.readline().strip()) != b"":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                body = lines.read(length)
                with lock:
                    number = len(bodies)
                    bodies.append(body)
                said = answer(number)
                if said is None:
                    return
                connection.sendall(said)

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1], bodies
    finally:
        listening.close()


def run(port: int, *, most: int = 40, connections: int = 4, per_second: float | None = None) -> Generator:
    orders = Orders(
        BANK, port, "/hook", connections=connections, seconds=20, first=100, most=most, per_second=per_second
    )
    requests = [BANK.request(BANK.body(100 + place), path="/hook") for place in range(most)]
    return Generator(orders, requests)


def test_every_request_is_sent_once_and_each_200_is_known_by_its_number() -> None:
    with server(lambda number: OK) as (port, bodies):
        generator = run(port)
        report = generator.run()
    assert sorted(bodies) == sorted(BANK.body(100 + place) for place in range(40))
    assert sorted(generator.acknowledged) == list(range(100, 140))
    assert (report["sent"], report["answered"], report["ok"], report["unanswered"]) == (40, 40, 40, 0)


def test_a_refusal_is_no_acknowledgement() -> None:
    with server(lambda number: AWAY if number % 2 else OK) as (port, _):
        generator = run(port)
        report = generator.run()
    assert report["statuses"] == {"200": 20, "503": 20}
    assert len(generator.acknowledged) == 20


def test_a_request_that_was_hung_up_on_is_broken_and_the_rest_goes_on() -> None:
    with server(lambda number: None if number == 5 else OK) as (port, _):
        generator = run(port, connections=1)
        report = generator.run()
    assert report["broken"] == 1
    assert report["ok"] == 39
    assert 105 not in generator.acknowledged


def test_answers_in_chunks_are_read_to_their_end() -> None:
    with server(lambda number: CHUNKED) as (port, _):
        assert run(port).run()["ok"] == 40


def test_a_paced_run_counts_from_when_a_request_was_due() -> None:
    with server(lambda number: OK) as (port, _):
        report = run(port, most=20, connections=1, per_second=200).run()
    assert report["ok"] == 20
    assert report["seconds"] >= 19 / 200
