"""redis-benchmark as the load tool, and what it says about latency."""

import csv
import io

from harness.stage import Stage

CLIENTS = 50
TOOLS = ("redis-server", "redis-benchmark")


def get_requests(stage: Stage, count: int, keepalive: bool = True) -> dict[str, float]:
    """Sends `count` GETs from 50 clients through the balancer; with `keepalive` off, one connection each.

    Returns redis-benchmark's columns, such as p50_latency_ms and p99_latency_ms.
    """
    table = stage.run(
        ["redis-benchmark", "-p", str(stage.listen_port), "-t", "get", "--csv"]
        + ["-n", str(count), "-c", str(CLIENTS), "-k", "1" if keepalive else "0"]
    )
    row = next(csv.DictReader(io.StringIO(table)))
    return {column: float(value) for column, value in row.items() if column != "test"}
