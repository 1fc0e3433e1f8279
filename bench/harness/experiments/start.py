"""How soon does it listen, and how much memory does it hold then?"""

import statistics

from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import resident_kb
from harness.stage import Stage

FIGURES = (
    Figure("start_mb", "resident MB at start", Against.NOTHING, bar=20, goal=8, decimals=1),
    Figure("start_ms", "ms from exec to listening", Against.NOTHING, bar=60, goal=25, decimals=1),
)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    seconds, megabytes = [], []
    for _ in range(stage.scale.starts):
        seconds.append(stage.start_balancer())
        megabytes.append(resident_kb(stage.balancer_pids()) / 1024)
        stage.stop_balancer()
    return {"start_mb": statistics.median(megabytes), "start_ms": statistics.median(seconds) * 1000}


EXPERIMENT = Experiment("start", FIGURES, ("redis-server",), measure)
