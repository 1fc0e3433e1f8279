"""New clients at a fixed rate, each with one exchange; prints how long each one waited.

Usage: load.py PORT RATE VICTIM

Prints `started` when the balancer on PORT serves and the clients begin to come. When its standard input ends, the fault has ended: it goes
on until the backend VICTIM has served a client that came afterwards, then prints one JSON object.

Latency counts from the moment when a client should have come, whatever delayed it ("coordinated omission"). No client waits for another.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections import deque

REQUEST = b"hello"
ANSWER_BYTES = 64
LIMIT_SECONDS = 12  # a client without an answer gives up
READY_SECONDS = 5
SERVED_SECONDS = 1  # goes on for so long after the backend has served again
RETURN_SECONDS = 15  # and for so long when it does not
EVENTS = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET


class Client:
    """One connection, from the moment when it is due."""

    __slots__ = ("answer", "due", "is_open", "sent", "socket")

    def __init__(self, due: float) -> None:
        self.due = due
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.sent = False
        self.answer: str | None = None
        self.is_open = True


class Load:
    """All clients; `samples` has (due, seconds waited, answer or empty) of each that was answered or failed."""

    def __init__(self, port: int, rate: int, victim: str) -> None:
        self.samples: list[tuple[float, float, str]] = []
        self.failures: dict[str, int] = {}
        self.late = 0.0  # by how much the clients of this process came too late, at most
        self._address = ("127.0.0.1", port)
        self._rate = rate
        self._victim = victim
        self._epoll = select.epoll()
        self._clients: dict[int, Client] = {}
        self._in_order: deque[Client] = deque()
        self._ended: float | None = None  # when the fault ended
        self._stop = float("inf")

    def run(self) -> None:
        self._epoll.register(sys.stdin.fileno(), select.EPOLLIN)
        start, count = time.monotonic(), 0
        while True:
            now = time.monotonic()
            while (due := start + count / self._rate) <= now and due < self._stop:
                self.late = max(self.late, time.monotonic() - due)
                self._begin(due)
                count += 1
            self._expire(now)
            if due >= self._stop and not self._clients:
                return
            # select(2) waits in microseconds; epoll and poll of Python round up to whole milliseconds.
            pause = min(due, self._in_order[0].due + LIMIT_SECONDS if self._in_order else due) if due < self._stop else now + 0.1
            select.select([self._epoll], [], [], max(0.0, pause - time.monotonic()))
            for descriptor, _ in self._epoll.poll(0):
                if descriptor == sys.stdin.fileno():
                    self._fault_has_ended()
                elif client := self._clients.get(descriptor):
                    self._continue(client)

    def _fault_has_ended(self) -> None:
        self._epoll.unregister(sys.stdin.fileno())
        self._ended = time.monotonic()
        self._stop = self._ended + RETURN_SECONDS

    def _begin(self, due: float) -> None:
        client = Client(due)
        client.socket.connect_ex(self._address)  # what becomes of it is told by the first event
        self._clients[client.socket.fileno()] = client
        self._in_order.append(client)
        self._epoll.register(client.socket, EVENTS)

    def _continue(self, client: Client) -> None:
        try:
            if not client.sent:
                client.socket.send(REQUEST)
                client.sent = True
            while received := client.socket.recv(ANSWER_BYTES):
                if client.answer is None:
                    self._answered(client, received.decode())
        except BlockingIOError:
            return
        except OSError as error:
            self._close(client, type(error).__name__)
        else:
            self._close(client, "closed without an answer")

    def _answered(self, client: Client, answer: str) -> None:
        client.answer = answer
        now = time.monotonic()
        self.samples.append((client.due, now - client.due, answer))
        if self._ended is not None and client.due >= self._ended and answer == self._victim:
            self._stop = min(self._stop, now + SERVED_SECONDS)

    def _expire(self, now: float) -> None:
        while self._in_order and (not self._in_order[0].is_open or self._in_order[0].due + LIMIT_SECONDS <= now):
            client = self._in_order.popleft()
            if client.is_open:
                self._close(client, f"no answer in {LIMIT_SECONDS} s")

    def _close(self, client: Client, reason: str) -> None:
        del self._clients[client.socket.fileno()]
        client.socket.close()
        client.is_open = False
        if client.answer is None:
            self.samples.append((client.due, time.monotonic() - client.due, ""))
            self.failures[reason] = self.failures.get(reason, 0) + 1


def wait_until_served(port: int) -> None:
    """Raises OSError when no client is served in time."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), READY_SECONDS) as client:
                client.sendall(REQUEST)
                if client.recv(ANSWER_BYTES):
                    return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def main(port: int, rate: int, victim: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends without a traceback
    wait_until_served(port)
    # A pause of this process would look like a wait for the balancer.
    gc.disable()
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    load = Load(port, rate, victim)
    print("started", flush=True)
    load.run()
    print(json.dumps({"late": load.late, "samples": load.samples, "failures": load.failures}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
