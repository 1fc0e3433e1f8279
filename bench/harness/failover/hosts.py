"""Three backends, each on a host of its own, and what can happen to one of them."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from harness.failover.network import Network
from harness.processes import Processes
from harness.stage import MeasurementFailed

PORT = 7000
PROGRAM = Path(__file__).with_name("backend.py")


class Hosts:
    """Everything happens to the first backend; what harms it returns the time.monotonic() from which on it does."""

    names = ("A", "B", "C")
    victim = names[0]

    def __init__(self, network: Network, processes: Processes) -> None:
        self._network = network
        self._processes = processes
        self._running = {name: self._start(name) for name in self.names}

    @property
    def addresses(self) -> list[str]:
        return [f"{self._network.address(name)}:{PORT}" for name in self.names]

    def cut(self) -> float:
        return self._network.cut(self.victim)

    def mend(self) -> None:
        self._network.mend(self.victim)

    def kill(self) -> float:
        """Until a killed process has ended, its system goes on to accept connections, which are then reset."""
        self._processes.stop(self._running[self.victim], signal.SIGKILL)
        return time.monotonic()

    def restart(self) -> None:
        """Returns when it listens."""
        self._running[self.victim] = self._start(self.victim)

    def suspend(self) -> float:
        self._running[self.victim].send_signal(signal.SIGSTOP)
        return time.monotonic()

    def resume(self) -> None:
        self._running[self.victim].send_signal(signal.SIGCONT)

    def _start(self, name: str) -> subprocess.Popen:
        backend = self._processes.start_piped(self._network.at_host(name, [sys.executable, "-IS", str(PROGRAM), str(PORT), name]))
        if backend.stdout.readline().strip() != b"listening":
            raise MeasurementFailed(f"backend {name} does not listen")
        return backend
