"""Connections of our own through a balancer, each proven to reach redis and come back."""

import contextlib
import select
import socket
import subprocess
import time
from collections.abc import Iterator

PING = b"PING\r\n"
PONG = b"+PONG\r\n"
BATCH = 100  # connections being opened at once, well below any listen backlog
ANSWER_SECONDS = 5


class NotReady(RuntimeError):
    """A program did not accept a connection, or did not answer, in time."""


def wait_until_accepting(port: int, process: subprocess.Popen, seconds: float = 5) -> float:
    """Waits for the first successful connect, while the process lives, and returns its time.perf_counter()."""
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return time.perf_counter()
        time.sleep(0.0002)
    state = f"has exited with {process.returncode}" if process.poll() is not None else f"does not accept connections after {seconds} s"
    raise NotReady(f"{process.args[0]} {state}")


@contextlib.contextmanager
def open_connections(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Holds `count` connections open; each has had one PING answered and is idle since."""
    with contextlib.ExitStack() as stack:
        clients: list[socket.socket] = []
        while len(clients) < count:
            batch = [stack.enter_context(socket.socket()) for _ in range(min(BATCH, count - len(clients)))]
            for client in batch:
                client.settimeout(ANSWER_SECONDS)
                client.connect(("127.0.0.1", port))
                client.sendall(PING)
            for client in batch:
                if client.recv(len(PONG)) != PONG:
                    raise NotReady(f"connection {len(clients)} was not answered with PONG")
            clients += batch
        yield clients


def closed_by_peer(clients: list[socket.socket]) -> int:
    """How many of these idle connections ended meanwhile."""
    poll = select.poll()
    for client in clients:
        poll.register(client, select.POLLIN)
    return len(poll.poll(0))
