"""Does a gigabyte cost more beside clients that do not read?"""

import contextlib
import os
import socket
import threading
import time

from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.stage import SETTLE_SECONDS, MeasurementFailed, Stage

STREAMS = 2
STALLED = 1_000
# As over a network, and not the 64 KB of loopback: the system derives the sizes of buffers from it, and 1,000 stalled clients would reach
# the limit of all TCP memory (tcp_mem), which slows down every connection of the machine.
SEGMENT = 1_400
RECEIVE_BUFFER = 32 * 1024
QUIET_CPU = 0.02  # a balancer that uses less of a core has filled all buffers of the clients that do not read
QUIET_SECONDS = 60

FIGURES = (
    Figure("stalled_cpu", "CPU s per GB, 2 streams beside 1,000 stalled clients", Against.BETTER_PEER, bar=None, goal=None, decimals=3),
    Figure("stalled_ratio", "CPU per GB beside 1,000 stalled : without", Against.NOTHING, bar=1.5, goal=1.1),
    Figure("stalled_user_ratio", "the same, balancer run by an ordinary user", Against.NOTHING, bar=1.5, goal=1.1),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_stream_backend()
    stage.start_balancer()
    alone, beside = _measure(stage)
    figures = {"stalled_cpu": beside, "stalled_ratio": beside / alone}
    if stage.can_run_as_ordinary_user and os.geteuid() == 0:
        stage.stop_balancer()
        stage.start_balancer(as_ordinary_user=True)
        alone, beside = _measure(stage)
        figures["stalled_user_ratio"] = beside / alone
    return figures


def _measure(stage: Stage) -> tuple[float, float]:
    """The processor time per GB without stalled clients and beside them."""
    _ = _cpu_per_gb(stage, seconds=0.5)
    alone = _cpu_per_gb(stage, stage.scale.bulk_seconds)
    with contextlib.ExitStack() as stack:
        for _ in range(STALLED):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
            client.connect(("127.0.0.1", stage.listen_port))
            client.sendall(b"s")
        _wait_until_quiet(stage)
        return alone, _cpu_per_gb(stage, stage.scale.bulk_seconds)


def _wait_until_quiet(stage: Stage) -> None:
    pids = stage.balancer_pids()
    deadline = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline:
        before = cpu_seconds(pids)
        time.sleep(SETTLE_SECONDS)
        if cpu_seconds(pids) - before < QUIET_CPU * SETTLE_SECONDS:
            return
    raise MeasurementFailed(f"the balancer was still busy {QUIET_SECONDS} s after the clients had stalled")


def _cpu_per_gb(stage: Stage, seconds: float) -> float:
    pids = stage.balancer_pids()
    received = [0] * STREAMS
    before = cpu_seconds(pids)
    readers = [threading.Thread(target=_read, args=(stage.listen_port, seconds, received, number)) for number in range(STREAMS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    used = cpu_seconds(pids) - before
    if min(received) == 0:
        raise MeasurementFailed("a stream received nothing")
    return used / (sum(received) / 1e9)


def _read(port: int, seconds: float, received: list[int], number: int) -> None:
    buffer = bytearray(1024 * 1024)
    deadline = time.monotonic() + seconds
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"f")
        while time.monotonic() < deadline:
            received[number] += client.recv_into(buffer)


EXPERIMENT = Experiment("stalled", FIGURES, (), measure, descriptors=4_000)
