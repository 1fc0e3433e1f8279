"""In which order is everything measured?"""

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from subprocess import TimeoutExpired

from harness.balancers import Balancer
from harness.connections import NotReady
from harness.experiment import Experiment
from harness.processes import Processes
from harness.scale import Scale
from harness.stage import MeasurementFailed, Stage


class Block:
    """All values of one block: the same figures measured with access logs off everywhere, or on everywhere."""

    def __init__(self, access_log: bool) -> None:
        self.access_log = access_log
        self.values: dict[tuple[str, str], list[float]] = defaultdict(list)  # (figure, balancer) -> one value per round
        self.failures: list[str] = []


def measure_block(access_log: bool, experiments: list[Experiment], balancers: list[Balancer], scale: Scale) -> Block:
    """Each round takes each experiment once and, within it, the balancers in turn; the first one changes every round."""
    block = Block(access_log)
    for number in range(scale.rounds):
        for experiment in experiments:
            contestants = [balancer for balancer in balancers if balancer.takes_part_in(experiment.name)]
            for balancer in _rotated(contestants, number):
                begin = time.monotonic()
                try:
                    measured = measure_once(experiment, balancer, access_log, scale)
                except (MeasurementFailed, NotReady, OSError, TimeoutExpired) as failure:
                    measured = {}
                    block.failures.append(f"{experiment.name}, {balancer.name}, round {number + 1}: {failure}")
                for figure, value in measured.items():
                    block.values[figure, balancer.name].append(value)
                where = f"logs {'on' if access_log else 'off'}, round {number + 1}: {balancer.name:16}"
                _tell(where, measured, time.monotonic() - begin)
    return block


def _tell(where: str, measured: dict[str, float], seconds: float) -> None:
    """Prints progress to stderr."""
    values = "  ".join(f"{figure}={value:.4g}" for figure, value in measured.items()) or "FAILED"
    print(f"{where} {values}  [{seconds:.0f} s]", file=sys.stderr)


def measure_once(experiment: Experiment, balancer: Balancer, access_log: bool, scale: Scale) -> dict[str, float]:
    """Measures on a stage of its own; raises MeasurementFailed, NotReady, OSError or TimeoutExpired."""
    with tempfile.TemporaryDirectory(prefix="lbtcp-bench.") as directory, Processes() as processes:
        return experiment.measure(Stage(balancer, access_log, scale, Path(directory), processes))


def _rotated(balancers: list[Balancer], by: int) -> list[Balancer]:
    by %= len(balancers)
    return balancers[by:] + balancers[:by]
