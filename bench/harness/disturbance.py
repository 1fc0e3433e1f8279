"""Was the machine ours?"""

import os
import resource
from pathlib import Path


class Disturbance:
    """Counts, from its creation on, the processor time that went to others. To be asked when all our processes have ended."""

    def __init__(self) -> None:
        self._machine = _machine_seconds()
        self._own = _own_seconds()

    def describe(self) -> str:
        busy, stolen, total = (now - then for now, then in zip(_machine_seconds(), self._machine, strict=True))
        foreign = max(0.0, busy - (_own_seconds() - self._own))
        return f"other processes took {foreign / total:.0%} of the processors, the hypervisor {stolen / total:.0%}"


def _machine_seconds() -> tuple[float, float, float]:
    """Processor time spent working, stolen by the hypervisor, and in all; see /proc/stat in proc(5)."""
    fields = [int(field) / os.sysconf("SC_CLK_TCK") for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, idle, iowait, irq, softirq, steal = fields
    busy = user + nice + system + irq + softirq
    return busy, steal, busy + idle + iowait + steal


def _own_seconds() -> float:
    """Processor time of this process and of all its ended descendants."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
