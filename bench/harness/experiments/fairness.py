"""How long does a small request take beside many bulk streams, and what does their gigabyte cost?"""

import statistics

from harness.connections import open_connections
from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.fixed_rate import latencies_ms
from harness.readings import cpu_seconds
from harness.stage import Stage

STREAMS = 100
CLIENTS = 10
REQUESTS_PER_SECOND = 500

FIGURES = (
    Figure("fair_p50", "p50 latency ms, 500 requests/s beside 100 bulk streams", Against.BETTER_PEER, bar=None, goal=None, decimals=2),
    Figure("fair_p99", "p99 latency ms, 500 requests/s beside 100 bulk streams", Against.BETTER_PEER, bar=1.1, goal=0.9, decimals=2),
    Figure("fair_cpu", "CPU s per GB of the 100 bulk streams", Against.BETTER_PEER, bar=0.55, goal=0.4, decimals=3),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_stream_backend()
    stage.start_balancer()
    pids = stage.balancer_pids()
    with open_connections(stage.listen_port, CLIENTS) as clients:
        streams = stage.start_stream_reader(STREAMS)
        before = cpu_seconds(pids)
        latencies = latencies_ms(clients, REQUESTS_PER_SECOND, stage.scale.rate_seconds)
        used = cpu_seconds(pids) - before
        received, _ = streams.communicate(timeout=10)
    quantiles = statistics.quantiles(latencies, n=100)
    return {"fair_p50": quantiles[49], "fair_p99": quantiles[98], "fair_cpu": used / (int(received) / 1e9)}


EXPERIMENT = Experiment("fairness", FIGURES, (), measure)
