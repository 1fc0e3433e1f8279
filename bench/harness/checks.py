"""What does a health check cost, and what do many of them cost the clients?"""

import selectors
import socket
import statistics
import tempfile
import time
from contextlib import contextmanager
from multiprocessing import Process
from pathlib import Path

from harness.annex import Annex
from harness.balancers import haproxy_absent, haproxy_command, lbtcp_absent, lbtcp_binary
from harness.connections import open_connections, wait_until_accepting
from harness.fixed_rate import latencies_ms
from harness.ports import free_port
from harness.processes import Processes, tree
from harness.readings import cpu_seconds
from harness.scale import Scale

BACKENDS = 2_000
INTERVAL_SECONDS = 2
SETTLE_SECONDS = 3  # the first checks of all backends come at once
MEASURED_SECONDS = 8
ROUNDS = 3
CLIENTS = 50
REQUESTS_PER_SECOND = 2_000
RATE_SECONDS = 4

HTTP_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HAPROXY_OPTIONS = {"none": "", "tcp": "", "http": "option httpchk GET /health"}


def measure(_: Scale) -> str:
    """Runs every kind of check with both balancers in turn and returns a Markdown table of medians."""
    values: dict[tuple[str, str], list[float]] = {}
    for number in range(ROUNDS):
        for kind in ("none", "tcp", "http"):
            for name in list(COMMANDS)[:: 1 if number % 2 == 0 else -1]:
                for figure, value in _measure(name, kind).items():
                    values.setdefault((figure, name), []).append(value)
    rows = ["| figure | " + " | ".join(COMMANDS) + " | ratio |", "|---|" + "---|" * (len(COMMANDS) + 1)]
    for figure in dict.fromkeys(figure for figure, _ in values):
        medians = [statistics.median(values[figure, name]) for name in COMMANDS]
        rows.append(f"| {figure} | " + " | ".join(f"{value:.2f}" for value in medians) + f" | {medians[0] / medians[1]:.2f} |")
    return "\n".join(rows)


def _measure(name: str, kind: str) -> dict[str, float]:
    relay_port, listen_port, check_port = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="lbtcp-checks.") as text, Processes() as processes, _checked_server(check_port, kind):
        directory = Path(text)
        redis = ["redis-server", "--port", str(relay_port), "--bind", "127.0.0.1", "--save", "", "--maxclients", "10000"]
        server = processes.start(redis, directory / "redis.output", directory / "redis.errors")
        wait_until_accepting(relay_port, server)
        command = COMMANDS[name](listen_port, relay_port, check_port, kind, directory)
        balancer = processes.start(command, directory / "output", directory / "errors")
        wait_until_accepting(listen_port, balancer)
        time.sleep(SETTLE_SECONDS)
        pids = tree(balancer.pid)

        before = cpu_seconds(pids)
        time.sleep(MEASURED_SECONDS)
        used = cpu_seconds(pids) - before

        with open_connections(listen_port, CLIENTS) as clients:
            latencies = sorted(latencies_ms(clients, REQUESTS_PER_SECOND, RATE_SECONDS))
        p99 = latencies[len(latencies) * 99 // 100]
        figures = {f"p99 latency ms of a relay at {REQUESTS_PER_SECOND:,} requests/s, {kind} checks": p99}
        if kind == "none":
            return figures
        checks = BACKENDS / INTERVAL_SECONDS * MEASURED_SECONDS
        return {f"CPU us per {kind.upper()} check": used / checks * 1e6} | figures


@contextmanager
def _checked_server(port: int, kind: str):
    server = Process(target=_serve_http if kind == "http" else _serve_tcp, args=(port,), daemon=True)
    server.start()
    try:
        yield
    finally:
        server.terminate()
        server.join()


def _listener(port: int) -> socket.socket:
    """Listens on all addresses of loopback: every backend has one of its own."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(4096)
    return listener


def _serve_tcp(port: int) -> None:
    listener = _listener(port)
    while True:
        listener.accept()[0].close()


def _serve_http(port: int) -> None:
    """Answers and closes as soon as a request has come."""
    listener = _listener(port)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
                continue
            selector.unregister(key.fileobj)
            try:
                if key.fileobj.recv(4096):
                    key.fileobj.sendall(HTTP_ANSWER)
            except ConnectionError:
                pass  # the check was given up
            key.fileobj.close()


def _addresses() -> list[str]:
    return [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(BACKENDS)]


def _lbtcp(listen_port: int, relay_port: int, check_port: int, kind: str, directory: Path) -> list[str]:
    checked = [f"{address}:{check_port} backup check={kind}" for address in _addresses()]
    (directory / "backends.txt").write_text("\n".join([f"127.0.0.1:{relay_port} check=none", *checked]))
    command = [str(lbtcp_binary()), "--listen", f"127.0.0.1:{listen_port}", "--backends-file", str(directory / "backends.txt")]
    return [*command, "--access-log", "off", "--log-level", "warn", "--drain-timeout", "1s", "--check-interval", f"{INTERVAL_SECONDS}s"]


def _haproxy(listen_port: int, relay_port: int, check_port: int, kind: str, directory: Path) -> list[str]:
    check = "" if kind == "none" else f"check inter {INTERVAL_SECONDS}s"
    servers = [f"server s{number} {address}:{check_port} backup {check}" for number, address in enumerate(_addresses())]
    values = {
        "listen_port": listen_port,
        "relay_port": relay_port,
        "check_option": HAPROXY_OPTIONS[kind],
        "servers": "\n    ".join(servers),
    }
    return haproxy_command("haproxy-checks.cfg", directory, values)


COMMANDS = {"LbTcp": _lbtcp, "HAProxy": _haproxy}

ANNEX = Annex(
    "checks",
    f"What a health check costs, {BACKENDS:,} backends checked every {INTERVAL_SECONDS} s: bar TCP 1.5, HTTP 2 times HAProxy's",
    haproxy_absent() or lbtcp_absent(),
    measure,
)
