"""What does one short connection cost: connect, one GET, close?"""

import time

from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.redis_benchmark import TOOLS, get_requests
from harness.stage import SETTLE_SECONDS, Stage

FIGURES = (
    Figure("connection_cpu", "CPU us per connection", Against.BETTER_PEER, bar=1.15, goal=1.0, decimals=1),
    # The same values, compared with the peers that do the same work: they forward a FIN and leave the other direction open.
    Figure("connection_cpu", "CPU us per connection, half-close", Against.BETTER_HALF_CLOSING_PEER, bar=1.05, goal=0.95, decimals=1),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    stage.start_balancer()
    get_requests(stage, stage.scale.connections // 10, keepalive=False)
    pids = stage.balancer_pids()

    before = cpu_seconds(pids)
    get_requests(stage, stage.scale.connections, keepalive=False)
    time.sleep(SETTLE_SECONDS)  # the last connections are still being closed
    used = cpu_seconds(pids) - before

    return {"connection_cpu": used / stage.scale.connections * 1e6}


EXPERIMENT = Experiment("connection", FIGURES, TOOLS, measure)
