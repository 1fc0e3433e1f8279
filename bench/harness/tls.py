"""What does terminating TLS cost: a handshake, and a gigabyte?"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness.annex import Annex
from harness.balancers import BENCH, lbtcp_absent, terminating
from harness.experiment import Experiment
from harness.figures import Against, Figure
from harness.readings import cpu_seconds
from harness.rounds import Block, measure_block
from harness.scale import Scale
from harness.stage import SETTLE_SECONDS, Stage
from harness.table import render
from harness.tls_client import STREAMS

KEYS = {"ECDSA P-256": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "RSA-2048": ("rsa:2048",)}
TITLE = "What terminating TLS costs: TLS 1.3, TLS_AES_128_GCM_SHA256, plain backends, access logs off"
BULK = {"upload": "from the client", "download": "to the client"}


def measure(scale: Scale) -> str:
    """Measures full handshakes with each kind of key, the rest with the first kind, and returns a Markdown table."""
    total = Block(access_log=False)
    figures, names = [], []
    with tempfile.TemporaryDirectory(prefix="lbtcp-tls.") as directory:
        for key in KEYS:
            balancers = [balancer for balancer in terminating(_certificate(key, Path(directory))) if not balancer.absent]
            experiments = [_handshakes("full", key)]
            if not figures:
                experiments += [_handshakes("resumed", key), *map(_bulk, BULK)]
            block = measure_block(False, experiments, balancers, scale)
            total.values |= block.values
            total.failures += block.failures
            figures += [figure for experiment in experiments for figure in experiment.figures]
            names = [balancer.name for balancer in balancers]
    return "\n\n".join([render(total, figures, names), *total.failures])


def _handshakes(kind: str, key: str) -> Experiment:
    """Connects, does a handshake, and asks redis to close: the processor time of a connection with all that belongs to it."""
    figure = Figure(f"{kind}, {key}", f"CPU us per connection, {kind} handshake, {key}", Against.BETTER_PEER, None, None, decimals=0)

    def once(stage: Stage) -> dict[str, float]:
        stage.start_redis()
        stage.start_balancer()
        _run_client(stage, kind, stage.scale.handshakes // 10)
        pids = stage.balancer_pids()

        before = cpu_seconds(pids)
        _run_client(stage, kind, stage.scale.handshakes)
        time.sleep(SETTLE_SECONDS)  # the last connections are still being closed
        return {figure.key: (cpu_seconds(pids) - before) / stage.scale.handshakes * 1e6}

    return Experiment("tls", (figure,), ("redis-server",), once)


def _bulk(kind: str) -> Experiment:
    figure = Figure(kind, f"CPU s per GB {BULK[kind]}, {STREAMS} streams", Against.BETTER_PEER, None, None, decimals=3)

    def once(stage: Stage) -> dict[str, float]:
        stage.start_stream_backend()
        stage.start_balancer()
        pids = stage.balancer_pids()

        before = cpu_seconds(pids)
        _run_client(stage, kind, stage.scale.tls_bytes)
        return {figure.key: (cpu_seconds(pids) - before) / (STREAMS * stage.scale.tls_bytes) * 1e9}

    return Experiment("tls", (figure,), (), once)


def _run_client(stage: Stage, kind: str, amount: int) -> None:
    client = [sys.executable, str(Path(__file__).with_name("tls_client.py")), kind, str(stage.listen_port), str(amount)]
    stage.run(["env", f"OPENSSL_CONF={BENCH / 'peers' / 'client.cnf'}", *client])


def _certificate(key: str, directory: Path) -> Path:
    """Makes a self-signed certificate and returns the file with it and its key."""
    algorithm, *parameters = KEYS[key]
    path = directory / f"{algorithm.split(':')[0]}.pem"
    command = ["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-newkey", algorithm, *parameters]
    made = subprocess.run([*command, "-keyout", str(path)], capture_output=True, text=True, check=True)
    path.write_text(made.stdout + path.read_text())
    return path


ANNEX = Annex("tls", TITLE, lbtcp_absent(), measure)
