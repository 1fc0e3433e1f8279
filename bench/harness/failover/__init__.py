"""What do clients notice when a backend vanishes, dies or hangs, behind LbTcp, HAProxy and nginx?"""

import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import TimeoutExpired

from harness.annex import Annex
from harness.balancers import lbtcp_absent
from harness.disturbance import Disturbance
from harness.failover import faults, network
from harness.failover.bars import BARS
from harness.failover.contestants import ALL, Contestant
from harness.failover.faults import Fault
from harness.failover.outcome import Outcome
from harness.failover.table import Row, render
from harness.failover.trial import Trial
from harness.scale import Scale

RATES = (100, 1_000)  # new clients per second
PHASE_SECONDS = 0.7  # by how much later the fault comes in each round; checks come every 2 s


def measure(scale: Scale) -> str:
    """Returns the Markdown table of every fault and balancer."""
    return compare(faults.ALL, RATES, [contestant for contestant in ALL if not contestant.absent], scale)


def compare(
    chosen: Sequence[Fault], rates: Sequence[int], contestants: Sequence[Contestant], scale: Scale, logs: Path | None = None
) -> str:
    """Each round takes each fault once and, within it, the balancers in turn."""
    rows = [
        Row(fault, rate, contestant)
        for fault in chosen
        for rate in rates
        for contestant in contestants
        if contestant.only in (None, fault.name)
    ]
    for number in range(scale.fault_rounds):
        for row in rows:
            trial = Trial(row.contestant, row.fault, row.rate, scale.fault_seconds, number * PHASE_SECONDS)
            disturbance = Disturbance()
            try:
                row.outcomes.append(trial.run(logs))
            except (RuntimeError, OSError, TimeoutExpired) as failure:
                row.failures.append(str(failure))
            _tell(number, row, disturbance)
    return render(rows)


def _tell(number: int, row: Row, disturbance: Disturbance) -> None:
    """Prints progress to stderr."""
    where = f"failover, round {number + 1}: {row.fault.name}, {row.rate} clients/s, {row.contestant.name}"
    print(f"{where}: {_summary(row.outcomes[-1]) if row.outcomes else 'FAILED'}; {disturbance.describe()}", file=sys.stderr)


def _summary(outcome: Outcome) -> str:
    return " ".join(f"{name}={value:.4g}" for name, value in vars(outcome).items() if value is not None)


ANNEX = Annex(
    "failover",
    f"What clients notice when one of three backends fails; bars of LbTcp: {BARS}",
    lbtcp_absent() or network.absent(),
    measure,
)
