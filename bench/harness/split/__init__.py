"""How do LbTcp and HAProxy distribute clients over three redis servers, with the same algorithm and weights?"""

import shutil
import tempfile
import time
from pathlib import Path

from harness.annex import Annex
from harness.balancers import haproxy_absent, lbtcp_absent
from harness.connections import wait_until_accepting
from harness.ports import free_port
from harness.processes import Processes
from harness.scale import Scale
from harness.split.cases import CASES, Case
from harness.split.clients import servers_reached
from harness.split.commands import COMMANDS

SERVERS = 3
SETTLE_SECONDS = 0.2  # until the connection that tested readiness is gone


def measure(_: Scale) -> str:
    """Runs every case with every balancer and returns a Markdown table."""
    rows = ["| algorithm | weights | clients | " + " | ".join(COMMANDS) + " |", "|---|---|---|" + "---|" * len(COMMANDS)]
    with tempfile.TemporaryDirectory(prefix="lbtcp-split.") as name, Processes() as processes:
        ports = [_start_redis(processes, Path(name)) for _ in range(SERVERS)]
        for case in CASES:
            weights = ", ".join(map(str, case.weights))
            counts = [_distribution(balancer, case, ports, processes, Path(name)) for balancer in COMMANDS]
            rows.append(f"| {case.label} | {weights} | {'stay' if case.clients_stay else 'leave'} | {' | '.join(counts)} |")
    return "\n".join(rows)


def _start_redis(processes: Processes, directory: Path) -> int:
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = processes.start(command, directory / f"redis{port}.output", directory / f"redis{port}.errors")
    wait_until_accepting(port, server)
    return port


def _distribution(balancer: str, case: Case, ports: list[int], processes: Processes, directory: Path) -> str:
    listen_port = free_port()
    command = COMMANDS[balancer](case, listen_port, ports, directory)
    process = processes.start(command, directory / "output", directory / "errors")
    wait_until_accepting(listen_port, process)
    time.sleep(SETTLE_SECONDS)
    reached = servers_reached(listen_port, case.clients_stay)
    processes.stop(process)
    return " / ".join(str(reached[port]) for port in ports)


def _absent() -> str | None:
    """The reason why the comparison cannot run, or None when it can."""
    if shutil.which("redis-server") is None:
        return "not installed: redis-server"
    return haproxy_absent() or lbtcp_absent()


ANNEX = Annex("split", "How clients are distributed over three servers", _absent(), measure)
