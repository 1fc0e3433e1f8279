"""What does a gigabyte cost?"""

import json

from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.stage import Stage

STREAMS = 2

FIGURES = (Figure("bulk_cpu", "CPU s per GB, 2 streams", Against.BETTER_PEER, bar=0.55, goal=0.4, decimals=3),)


def measure(stage: Stage) -> dict[str, float]:
    stage.start_iperf3()
    stage.start_balancer()
    pids = stage.balancer_pids()

    before = cpu_seconds(pids)
    report = stage.run(
        ["iperf3", "--client", "127.0.0.1", "--port", str(stage.listen_port), "--json"]
        + ["--parallel", str(STREAMS), "--time", str(stage.scale.bulk_seconds)]
    )
    used = cpu_seconds(pids) - before

    gigabytes = json.loads(report)["end"]["sum_received"]["bytes"] / 1e9
    return {"bulk_cpu": used / gigabytes}


EXPERIMENT = Experiment("bulk", FIGURES, ("iperf3",), measure)
