"""One run: a balancer, clients at a fixed rate, and a fault in the middle of it."""

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness.failover.contestants import Contestant
from harness.failover.faults import Fault
from harness.failover.hosts import Hosts
from harness.failover.network import Network
from harness.failover.outcome import Outcome, Sample, outcome
from harness.ports import free_port
from harness.processes import Processes
from harness.stage import MeasurementFailed

BEFORE_SECONDS = 3
LATE_SECONDS = 0.02
ATTEMPTS = 3
PROGRAM = Path(__file__).with_name("load.py")


@dataclass(frozen=True)
class Trial:
    """`phase_seconds` moves the fault against the timers of the balancer's checks, which begin with the balancer."""

    contestant: Contestant
    fault: Fault
    rate: int
    fault_seconds: float
    phase_seconds: float = 0

    def run(self, logs: Path | None = None) -> Outcome:
        """Repeats a run that the machine disturbed; the last one counts, late or not. Files of the balancer are kept in `logs`.

        Raises MeasurementFailed.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                measured = self._run(logs)
            except ValueError as failure:
                if attempt == ATTEMPTS:
                    raise MeasurementFailed(str(failure)) from failure
                print(f"repeated: {failure}", file=sys.stderr)
                continue
            if measured.late_ms <= LATE_SECONDS * 1000 or attempt == ATTEMPTS:
                return measured
            print(f"repeated: the clients came up to {measured.late_ms:.0f} ms too late", file=sys.stderr)
        raise AssertionError("unreachable")

    def _run(self, logs: Path | None) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="lbtcp-failover.") as name, Network(Hosts.names) as network, Processes() as processes:
            directory = logs or Path(name)
            hosts = Hosts(network, processes)
            listen_port = free_port()
            command = self.contestant.command(listen_port, hosts.addresses, directory)
            processes.start(network.in_middle(command), directory / "output", directory / "errors")
            arguments = [str(listen_port), str(self.rate), hosts.victim]
            load = processes.start_piped(network.in_middle([sys.executable, "-IS", str(PROGRAM), *arguments]))
            if load.stdout.readline().strip() != b"started":
                errors = (directory / "errors").read_text(errors="replace").strip()
                raise MeasurementFailed(f"{self.contestant.name} does not serve: {errors[-200:] or 'no message'}")

            time.sleep(BEFORE_SECONDS + self.phase_seconds)
            begin = self.fault.play(hosts, self.fault_seconds)
            end = time.monotonic()
            load.stdin.close()
            report = json.loads(load.stdout.read())
        samples = [Sample(*sample) for sample in report["samples"]]
        return outcome(samples, begin, end, hosts.victim, report["late"])
