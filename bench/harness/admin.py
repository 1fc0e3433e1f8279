"""What does the admin endpoint cost: off, on, and on while something scrapes its metrics once a second?"""

import dataclasses
import socket
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

from harness.annex import Annex
from harness.balancers import Balancer, Route, lbtcp, lbtcp_absent
from harness.experiments import connection, idle, request, start
from harness.processes import Processes
from harness.scale import FULL, Scale
from harness.stage import Stage

TITLE = "What the admin endpoint costs: ratios to LbTcp without it; medians of 5 rounds"
EXPERIMENTS = (request.EXPERIMENT, connection.EXPERIMENT, idle.EXPERIMENT, start.EXPERIMENT)
FIGURES = {
    "request_cpu": ("CPU us per request", 2),
    "connection_cpu": ("CPU us per connection", 1),
    "idle_kb": ("KB per idle connection", 2),
    "start_mb": ("resident MB at start", 1),
    "start_ms": ("ms from exec to listening", 1),
}
SCRAPE_SECONDS = 1
SOCKET = "admin.sock"


class Scraper:
    """Asks for /metrics once a second while the block runs; a scrape that fails ends the measurement."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.scrapes = 0

    def __enter__(self) -> "Scraper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SCRAPE_SECONDS):
            if self._path.exists():
                self.scrapes += self._scrape()

    def _scrape(self) -> int:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self._path))
                client.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = b""
                while received := client.recv(65536):
                    answer += received
        except OSError:
            return 0  # between two starts
        return 1 if b"lbtcp_connections_open" in answer else 0


def measure(_: Scale) -> str:
    """Returns the Markdown table."""
    values: dict[tuple[str, str], list[float]] = {}
    for number in range(FULL.rounds):
        for variant in ("off", "on", "scraped"):
            for experiment in EXPERIMENTS:
                measured = _measure(experiment, variant)
                for figure, value in measured.items():
                    values.setdefault((figure, variant), []).append(value)
            print(f"admin {variant}, round {number + 1} done", file=sys.stderr)
    rows = ["| figure | off | on | on, scraped once a second |", "|---|---|---|---|"]
    rows += [_row(values, figure, *FIGURES[figure]) for figure in FIGURES]
    return "\n".join(rows)


def _measure(experiment, variant: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="lbtcp-admin.") as name, Processes() as processes:
        directory = Path(name)
        stage = Stage(_balancer(variant), access_log=False, scale=FULL, directory=directory, processes=processes)
        if variant != "scraped":
            return experiment.measure(stage)
        with Scraper(directory / SOCKET) as scraper:
            measured = experiment.measure(stage)
        if scraper.scrapes == 0 and experiment is not start.EXPERIMENT:
            raise RuntimeError("no scrape was answered")
        return measured


def _balancer(variant: str) -> Balancer:
    plain = lbtcp()

    def command(route: Route) -> list[str]:
        admin = [] if variant == "off" else ["--admin", f"unix:{route.directory / SOCKET}"]
        return [*plain.command(route), *admin]

    return dataclasses.replace(plain, command=command)


def _row(values: dict[tuple[str, str], list[float]], figure: str, title: str, decimals: int) -> str:
    base = median(values[figure, "off"])
    cells = [f"{base:.{decimals}f}"]
    for variant in ("on", "scraped"):
        value = median(values[figure, variant])
        cells.append(f"{value:.{decimals}f} ({value / base:.2f})")
    return f"| {title} | " + " | ".join(cells) + " |"


ANNEX = Annex("admin", TITLE, lbtcp_absent(), measure)
