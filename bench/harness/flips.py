"""What does an established connection notice while thousands of backends of a large pool go down and return?"""

import multiprocessing
import socket
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from harness.annex import Annex
from harness.balancers import lbtcp_absent, lbtcp_binary
from harness.connections import ANSWER_SECONDS, PING, PONG, open_connections, wait_until_accepting
from harness.fixed_rate import latencies_ms
from harness.ports import free_port
from harness.processes import Processes
from harness.readings import cpu_seconds
from harness.scale import Scale

PAIRS = 5_000  # each of one backend that serves and one that refuses every connection
ESTABLISHED = 4
REQUESTS_PER_SECOND = 400
CLIENTS_PER_SECOND = 1_000  # each of which is dialled to a refusing backend first, half of the time
SECONDS = 10
WARM_UP_SECONDS = 2

TITLE = f"What established connections notice while backends of a pool of {2 * PAIRS:,} flip: bar 1.3 times the p99 without flips"


def measure(_: Scale) -> str:
    """Measures with ejections off and on, under the same load, and returns a Markdown table."""
    rows = ["| ejections | flips per second | p50 | p99 | longest | clients that failed | CPU |", "|---|--:|--:|--:|--:|--:|--:|"]
    with tempfile.TemporaryDirectory(prefix="lbtcp-flips.") as name, Processes() as processes:
        redis_port = free_port()
        redis = ["redis-server", "--port", str(redis_port), "--bind", "0.0.0.0", "--protected-mode", "no", "--save", ""]
        server = processes.start(redis, Path(name) / "redis.output", Path(name) / "redis.errors")
        wait_until_accepting(redis_port, server)
        backends = Path(name) / "backends.txt"
        refusing_port = free_port()
        backends.write_text("\n".join(_pair(number, redis_port, refusing_port) for number in range(PAIRS)))
        for ejections, fall in (("off", 0), ("on", 1)):
            rows.append(f"| {ejections} | {_row(fall, backends, processes, Path(name))} |")
    return "\n".join(rows)


def _pair(number: int, serving_port: int, refusing_port: int) -> str:
    host = f"127.1.{number >> 8}.{number & 255}"
    return f"tcp://{host}:{serving_port}\ntcp://{host}:{refusing_port}"


def _row(passive_fall: int, backends: Path, processes: Processes, directory: Path) -> str:
    listen_port = free_port()
    flags = ["--check", "none", "--passive-fall", str(passive_fall), "--ejection-time", "1s", "--max-ejection-time", "1s"]
    command = [str(lbtcp_binary()), "--listen", f"127.0.0.1:{listen_port}", "--backends-file", str(backends), *flags]
    command += ["--access-log", "off", "--drain-timeout", "1s"]
    process = processes.start(command, directory / "output", directory / "errors")
    wait_until_accepting(listen_port, process)
    with open_connections(listen_port, ESTABLISHED) as established, multiprocessing.Pool(1) as load:
        failed = load.apply_async(_connect_repeatedly, (listen_port,))
        time.sleep(WARM_UP_SECONDS)
        cpu_before, flips_before = cpu_seconds([process.pid]), _flips(directory / "output")
        latencies = latencies_ms(established, REQUESTS_PER_SECOND, SECONDS)
        cpu = (cpu_seconds([process.pid]) - cpu_before) / SECONDS
        flips = (_flips(directory / "output") - flips_before) / SECONDS
        failures = failed.get(timeout=60)
    processes.stop(process)
    percentiles = quantiles(latencies, n=100)
    return f"{flips:.0f} | {percentiles[49]:.2f} ms | {percentiles[98]:.1f} ms | {max(latencies):.0f} ms | {failures} | {cpu:.0%}"


def _flips(output: Path) -> int:
    return output.read_text(errors="replace").count("backend is ")


def _connect_repeatedly(port: int) -> int:
    """Opens short connections at a fixed rate for the whole measurement and returns the number of those that were not served."""
    failed = 0
    start = time.perf_counter()
    for number in range(CLIENTS_PER_SECOND * (WARM_UP_SECONDS + SECONDS)):
        time.sleep(max(0.0, start + number / CLIENTS_PER_SECOND - time.perf_counter()))
        if time.perf_counter() - start > WARM_UP_SECONDS + SECONDS:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as client:
                client.sendall(PING)
                failed += client.recv(len(PONG)) != PONG
        except OSError:
            failed += 1
    return failed


ANNEX = Annex("flips", TITLE, lbtcp_absent(), measure)
