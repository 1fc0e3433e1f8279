"""How long does a request take when the machine is not full?"""

import statistics

from harness.connections import open_connections
from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.fixed_rate import latencies_ms
from harness.stage import Stage

CLIENTS = 50
REQUESTS_PER_SECOND = 4_000

FIGURES = (
    Figure("rate_p50", "p50 latency ms, 50 clients, 4,000 requests/s", Against.BETTER_PEER, bar=None, goal=None, decimals=3),
    Figure("rate_p99", "p99 latency ms, 50 clients, 4,000 requests/s", Against.BETTER_PEER, bar=1.1, goal=0.9, decimals=3),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    stage.start_balancer()
    with open_connections(stage.listen_port, CLIENTS) as clients:
        latencies_ms(clients, REQUESTS_PER_SECOND, seconds=0.5)
        latencies = latencies_ms(clients, REQUESTS_PER_SECOND, stage.scale.rate_seconds)
    return {"rate_p50": _typical_percentile(latencies, 50), "rate_p99": _typical_percentile(latencies, 99)}


def _typical_percentile(latencies: list[float], percent: int) -> float:
    """The median over half seconds of each one's percentile: one burst of foreign work on the machine does not decide it."""
    size = REQUESTS_PER_SECOND // 2
    slices = (sorted(latencies[begin : begin + size]) for begin in range(0, len(latencies), size))
    return statistics.median(ordered[len(ordered) * percent // 100] for ordered in slices)


EXPERIMENT = Experiment("rate", FIGURES, ("redis-server",), measure)
