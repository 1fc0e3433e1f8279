"""Does a request cost more when many other connections are open?"""

from harness.connections import closed_by_peer, open_connections
from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.redis_benchmark import TOOLS, get_requests
from harness.stage import MeasurementFailed, Stage

IDLE_CONNECTIONS = 8_000

FIGURES = (
    Figure("open_cpu", "CPU us per request, 8,000 more connections open", Against.BETTER_PEER, bar=None, goal=None, decimals=1),
    Figure("open_ratio", "CPU per request at 8,000 open : at 50", Against.NOTHING, bar=1.3, goal=1.1),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    stage.start_balancer()
    get_requests(stage, stage.scale.requests // 10)
    alone = _cpu_us_per_request(stage)
    with open_connections(stage.listen_port, IDLE_CONNECTIONS) as clients:
        crowded = _cpu_us_per_request(stage)
        if ended := closed_by_peer(clients):
            raise MeasurementFailed(f"{ended} of {IDLE_CONNECTIONS} idle connections were closed")
    return {"open_cpu": crowded, "open_ratio": crowded / alone}


def _cpu_us_per_request(stage: Stage) -> float:
    pids = stage.balancer_pids()
    requests = stage.scale.requests // 2
    before = cpu_seconds(pids)
    get_requests(stage, requests)
    return (cpu_seconds(pids) - before) / requests * 1e6


EXPERIMENT = Experiment("crowd", FIGURES, TOOLS, measure, descriptors=16_300)
