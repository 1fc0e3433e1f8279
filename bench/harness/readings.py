"""How much processor time and memory did these processes use?"""

import time
from pathlib import Path

CPUCLOCK_SCHED = 2  # include/linux/posix-timers.h


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes, all threads, ended ones included.

    Reads each process's CPU clock (clock_getcpuclockid(3)): nanoseconds, where /proc/PID/stat counts 10 ms ticks.
    """
    return sum(time.clock_gettime_ns((~pid << 3) | CPUCLOCK_SCHED) for pid in pids) / 1e9


def resident_kb(pids: list[int]) -> int:
    """Resident memory in KB as ps(1) shows it: a page that two processes share counts in both."""
    return sum(_resident_kb(pid) for pid in pids)


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1])
    raise ValueError(f"/proc/{pid}/smaps_rollup has no Rss line")
