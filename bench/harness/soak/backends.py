"""Two backends, one of which is killed every ten seconds and comes back; when was which one dead?"""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

from harness.connections import wait_until_accepting
from harness.ports import free_port
from harness.processes import Processes

KILL_EVERY_SECONDS = 10
DOWN_SECONDS = 3
NAMES = ("A", "B")


class Backends:
    """Kills A and B in turn, so that one of them is always up."""

    def __init__(self, processes: Processes, directory: Path) -> None:
        self.ports = {name: free_port() for name in NAMES}
        self._processes = processes
        self._directory = directory
        self._running = {name: self._start(name) for name in NAMES}
        self._kills: list[tuple[str, float, float]] = []  # (name, before the kill, after it)
        for name in NAMES:
            wait_until_accepting(self.ports[name], self._running[name])

    async def kill_in_turn(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(KILL_EVERY_SECONDS - DOWN_SECONDS)
            name = NAMES[number % len(NAMES)]
            before = time.monotonic()
            self._processes.stop(self._running[name], signal.SIGKILL)
            self._kills.append((name, before, time.monotonic()))
            await asyncio.sleep(DOWN_SECONDS)
            self._running[name] = self._start(name)
            number += 1

    def kills(self) -> int:
        return len(self._kills)

    def killed_between(self, start: float, end: float, name: str | None) -> bool:
        """Whether the named backend, or any when the name is not known, was killed in this time (time.monotonic())."""
        return any(name in (killed, None) and start <= after and end >= before for killed, before, after in reversed(self._kills))

    def _start(self, name: str) -> subprocess.Popen:
        program = Path(__file__).with_name("echo_backend.py")
        return self._processes.start(
            [sys.executable, str(program), str(self.ports[name]), name],
            self._directory / f"{name}.output",
            self._directory / f"{name}.errors",
        )
