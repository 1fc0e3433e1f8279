"""Requests at a fixed rate, and how late each answer came."""

import gc
import itertools
import select
import socket
import time
from collections import deque

from harness.connections import PING, PONG
from harness.stage import MeasurementFailed

ANSWER_SECONDS = 5


def latencies_ms(clients: list[socket.socket], rate: int, seconds: float) -> list[float]:
    """Sends `rate` PINGs per second, taking the clients in turn, and returns the latencies in milliseconds, in the order of the answers.

    Latency counts from the moment the request was due, so a stalled balancer cannot hide the requests it held up
    ("coordinated omission").
    """
    gc.disable()
    try:
        return [latency * 1000 for latency in _play(clients, rate, seconds)]
    finally:
        gc.enable()


def _play(clients: list[socket.socket], rate: int, seconds: float) -> list[float]:
    waiting: dict[socket.socket, deque[float]] = {client: deque() for client in clients}
    turn = itertools.cycle(clients)
    count = int(rate * seconds)
    latencies: list[float] = []
    sent = 0
    start = time.perf_counter()
    while len(latencies) < count:
        now = time.perf_counter()
        while sent < count and (due := start + sent / rate) <= now:
            client = next(turn)
            waiting[client].append(due)
            if len(waiting[client]) == 1:
                client.sendall(PING)
            sent += 1
        # select(2) waits in microseconds; epoll and poll of Python round up to whole milliseconds.
        pause = start + sent / rate - now if sent < count else ANSWER_SECONDS
        readable, _, _ = select.select(clients, [], [], max(0.0, pause))
        if not readable and sent == count:
            raise MeasurementFailed(f"{count - len(latencies)} of {count} requests were never answered")
        for client in readable:
            if client.recv(len(PONG)) != PONG:
                raise MeasurementFailed("a connection was closed under load")
            latencies.append(time.perf_counter() - waiting[client].popleft())
            if waiting[client]:
                client.sendall(PING)
    return latencies
