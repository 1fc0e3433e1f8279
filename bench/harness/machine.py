"""Where, when and with what is this measured?"""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from harness.balancers import BENCH, Balancer
from harness.versions import version

TOOLS = {"redis-server": "--version", "redis-benchmark": "--version", "iperf3": "--version"}


def facts(command: str, balancers: list[Balancer]) -> list[str]:
    """Facts about the run, one per line of the report."""
    versions = [f"{balancer.name} {balancer.version}" for balancer in balancers]
    versions += [f"{tool} {version(tool, flag)}" for tool, flag in TOOLS.items()]
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        f"Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"Command: `{command}`",
        f"Commit: {_commit()}",
        f"Machine: {_cpu_model()}, {os.cpu_count()} cores, {memory_gb:.0f} GB",
        f"System: {platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}",
        f"Versions: {', '.join(versions)}",
    ]


def _commit() -> str:
    described = subprocess.run(
        ["git", "-C", str(BENCH), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
