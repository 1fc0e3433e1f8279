"""What does one request cost, and how long does it take, when 50 clients go as fast as they can?"""

from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.redis_benchmark import TOOLS, get_requests
from harness.stage import Stage

FIGURES = (
    Figure("request_cpu", "CPU us per request, 50 clients", Against.BETTER_PEER, bar=1.05, goal=0.95, decimals=1),
    Figure("request_p50", "p50 latency ms, 50 clients, full speed", Against.BETTER_PEER, bar=None, goal=None, decimals=3),
    Figure("request_p99", "p99 latency ms, 50 clients, full speed", Against.BETTER_PEER, bar=1.1, goal=0.9, decimals=3),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    stage.start_balancer()
    get_requests(stage, stage.scale.requests // 10)
    pids = stage.balancer_pids()

    before = cpu_seconds(pids)
    latency = get_requests(stage, stage.scale.requests)
    used = cpu_seconds(pids) - before

    return {
        "request_cpu": used / stage.scale.requests * 1e6,
        "request_p50": latency["p50_latency_ms"],
        "request_p99": latency["p99_latency_ms"],
    }


EXPERIMENT = Experiment("request", FIGURES, TOOLS, measure)
