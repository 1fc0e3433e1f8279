"""How soon are backends found to be down when many others do not answer at all?"""

import json
import socket
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from harness.annex import Annex
from harness.balancers import lbtcp_absent, lbtcp_binary
from harness.connections import wait_until_accepting
from harness.ports import free_port
from harness.processes import Processes
from harness.scale import Scale

DEAD = (50, 1_000, 5_000)
WORKING = 20
SETTLE_SECONDS = 20
LIMIT_SECONDS = 60
BACKEND_DOWN = 401


def measure(_: Scale) -> str:
    """Runs LbTcp with each number of dead backends and returns a Markdown table."""
    rows = ["| dead backends | s until all of them are down | s until one that begins to refuse is down |", "|---|---|---|"]
    for dead in DEAD:
        with tempfile.TemporaryDirectory(prefix="lbtcp-rack.") as directory, Processes() as processes:
            all_down, refused_down = _measure(dead, Path(directory), processes)
        rows.append(f"| {dead:,} | {all_down} | {refused_down} |")
    return "\n".join(rows)


def _measure(dead: int, directory: Path, processes: Processes) -> tuple[str, str]:
    hole, working, refusing = free_port(), free_port(), free_port()
    # A listener with a full accept queue drops every SYN, on all addresses of loopback (sk_acceptq_is_full in include/net/sock.h).
    with _listener(hole, backlog=0), _fill(hole), _listener(working, 4096), _listener(refusing, 4096) as begins_to_refuse:
        lines = [f"127.2.{number // 250}.{number % 250 + 1}:{hole}" for number in range(dead)]
        lines += [f"127.3.0.{number + 1}:{working}" for number in range(WORKING)]
        refused = f"127.3.1.1:{refusing}"
        (directory / "backends.txt").write_text("\n".join([*lines, refused]))
        listen_port = free_port()
        command = [str(lbtcp_binary()), "--listen", f"127.0.0.1:{listen_port}", "--backends-file", str(directory / "backends.txt")]
        begin = time.time()
        balancer = processes.start([*command, "--check", "tcp", "--log-format", "json"], directory / "output", directory / "errors")
        wait_until_accepting(listen_port, balancer)
        time.sleep(SETTLE_SECONDS)
        begins_to_refuse.close()
        refused_at = time.time()
        while time.time() < refused_at + LIMIT_SECONDS and refused not in (downs := _downs(directory / "output")):
            time.sleep(0.1)
        is_complete = sum(backend.endswith(f":{hole}") for backend in downs) == dead
        last = max((at for backend, at in downs.items() if backend.endswith(f":{hole}")), default=0) - begin
        return (
            f"{last:.1f}" if is_complete else f"over {LIMIT_SECONDS}",
            f"{downs[refused] - refused_at:.1f}" if refused in downs else f"over {LIMIT_SECONDS}",
        )


def _listener(port: int, backlog: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", port))
    listener.listen(backlog)
    return listener


def _fill(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def _downs(log: Path) -> dict[str, float]:
    """When each backend was last found to be down, in seconds since the epoch."""
    downs = {}
    for line in log.read_text().splitlines():
        if line.endswith("}") and (record := json.loads(line)).get("event") == BACKEND_DOWN:
            at = datetime.fromisoformat(record["time"].replace("Z", "+00:00")).astimezone(timezone.utc)
            downs[record["backend"]] = at.timestamp()
    return downs


ANNEX = Annex("rack", f"How soon backends are down that fail, with {WORKING} that work: bar 10 s and 3.5 s", lbtcp_absent(), measure)
