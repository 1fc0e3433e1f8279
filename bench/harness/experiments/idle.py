"""How much memory does a connection hold while nothing happens on it?"""

import time

from harness.connections import closed_by_peer, open_connections
from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import resident_kb
from harness.stage import MeasurementFailed, Stage

CONNECTIONS = 4_000
QUIET_SECONDS = 1

FIGURES = (Figure("idle_kb", "KB per idle connection, 4,000 idle", Against.HAPROXY, bar=0.6, goal=0.4),)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_redis()
    stage.start_balancer()
    before = resident_kb(stage.balancer_pids())
    with open_connections(stage.listen_port, CONNECTIONS) as clients:
        time.sleep(QUIET_SECONDS)
        after = resident_kb(stage.balancer_pids())
        if ended := closed_by_peer(clients):
            raise MeasurementFailed(f"{ended} of {CONNECTIONS} idle connections were closed")
    return {"idle_kb": (after - before) / CONNECTIONS}


EXPERIMENT = Experiment("idle", FIGURES, ("redis-server",), measure, descriptors=8_200)
