"""What did we start, and is all of it ended?"""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

STOP_SECONDS = 5


class Processes:
    """Owns every process of a run. Leaving the `with` block ends them by pid, newest first."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        while self._running:
            self.stop(self._running[-1])

    def start(self, command: list[str], output: Path, errors: Path) -> subprocess.Popen:
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        self._running.append(process)
        return process

    def start_piped(self, command: list[str]) -> subprocess.Popen:
        """Starts a process whose standard input and output are pipes."""
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._running.append(process)
        return process

    def stop(self, process: subprocess.Popen, with_signal: int = signal.SIGTERM) -> None:
        family = tree(process.pid)
        process.send_signal(with_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # A killed parent no longer ends its workers, so they are killed one by one.
            for pid in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
        self._running.remove(process)


def tree(pid: int) -> list[int]:
    """The process and all its descendants; nginx works in children of the process that was started."""
    pids = [pid]
    for parent in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                pids += map(int, children.read_text().split())
    return pids


def end_on_signals() -> None:
    """Turns a signal into an ordinary exit, so that `with` blocks end what was started."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, leave)
