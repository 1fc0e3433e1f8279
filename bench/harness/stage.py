"""One balancer between a backend and a load tool, for one measurement."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from harness.balancers import Balancer, Route
from harness.connections import NotReady, wait_until_accepting
from harness.ports import free_port
from harness.processes import Processes, tree
from harness.scale import Scale

SETTLE_SECONDS = 0.3
REDIS_ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")  # one server, which can be several backends
NOBODY = 65_534  # an ordinary user without processes of its own; its pipes count against fs.pipe-user-pages-soft


class MeasurementFailed(RuntimeError):
    """A tool or a balancer did not do its part; the message says which and why."""


class Stage:
    """Starts what a measurement asks for, on fresh ports, in a directory of its own."""

    def __init__(self, balancer: Balancer, access_log: bool, scale: Scale, directory: Path, processes: Processes) -> None:
        self.scale = scale
        self.listen_port = free_port()
        self.backend_port = free_port()
        self._balancer = balancer
        self._route = Route(self.listen_port, self.backend_port, access_log, directory)
        self._directory = directory
        self._processes = processes
        self._started: subprocess.Popen | None = None

    def start_redis(self) -> None:
        command = ["redis-server", "--port", str(self.backend_port), "--bind", *REDIS_ADDRESSES, "--save", "", "--maxclients", "10000"]
        wait_until_accepting(self.backend_port, self._start("redis", command))

    def start_iperf3(self) -> None:
        self._start("iperf3", ["iperf3", "--server", "--bind", "127.0.0.1", "--port", str(self.backend_port), "--forceflush"])
        # A probing connection would count as a broken test, so its own word is awaited instead.
        deadline = time.monotonic() + 5
        while b"listening" not in (self._directory / "iperf3.output").read_bytes():
            if time.monotonic() > deadline:
                raise MeasurementFailed("iperf3 --server does not listen")
            time.sleep(0.01)

    def start_stream_backend(self) -> None:
        command = [sys.executable, str(Path(__file__).with_name("stream_backend.py")), str(self.backend_port)]
        wait_until_accepting(self.backend_port, self._start("stream_backend", command))

    def start_stream_reader(self, streams: int) -> subprocess.Popen:
        """Starts clients that read bulk until their standard input ends; they then print how many bytes they have received."""
        command = [sys.executable, str(Path(__file__).with_name("stream_reader.py")), str(self.listen_port), str(streams)]
        reader = self._processes.start_piped(command)
        if reader.stdout.readline().strip() != b"reading":
            raise MeasurementFailed("the bulk streams could not be opened")
        return reader

    @property
    def can_run_as_ordinary_user(self) -> bool:
        """Whether this balancer needs no files of root, and setpriv(1) is installed."""
        return self._balancer.runs_as_any_user and shutil.which("setpriv") is not None

    def start_balancer(self, as_ordinary_user: bool = False) -> float:
        """Starts the balancer and returns the seconds from exec to the first accepted connection."""
        command = self._balancer.command(self._route)
        if as_ordinary_user:
            self._directory.chmod(0o755)
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        begin = time.perf_counter()
        self._started = self._processes.start(command, self._directory / "output", self._directory / "errors")
        try:
            seconds = wait_until_accepting(self.listen_port, self._started) - begin
        except NotReady:
            self.balancer_pids()  # one that has exited says why
            raise
        time.sleep(SETTLE_SECONDS)
        return seconds

    def stop_balancer(self) -> None:
        self._processes.stop(self._started)

    def balancer_pids(self) -> list[int]:
        if self._started.poll() is not None:
            errors = (self._directory / "errors").read_text(errors="replace").strip().splitlines()
            raise MeasurementFailed(f"exited with {self._started.returncode}: {errors[-1] if errors else 'no message'}")
        return tree(self._started.pid)

    def run(self, command: list[str]) -> str:
        """Runs a load tool to its end and returns what it wrote to stdout."""
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise MeasurementFailed(f"{command[0]} exited with {done.returncode}: {(done.stderr or done.stdout).strip()[-200:]}")
        return done.stdout

    def _start(self, name: str, command: list[str]) -> subprocess.Popen:
        return self._processes.start(command, self._directory / f"{name}.output", self._directory / f"{name}.errors")
