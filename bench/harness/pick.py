"""What does it cost to pick a backend? Runs the micro-benchmark bench/Pick as native code, like the program itself."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.annex import Annex
from harness.balancers import BENCH
from harness.scale import Scale

TITLE = "What a pick costs, with 3, 100 and 10,000 healthy backends: bar 1 us, goal 100 ns; bar of a flip 5 ms"


def measure(_: Scale) -> str:
    """Compiles and runs it, and returns its Markdown table.

    Raises CalledProcessError or TimeoutExpired when that fails.
    """
    with tempfile.TemporaryDirectory(prefix="lbtcp-pick.") as name:
        directory = Path(name)
        publish = ["dotnet", "publish", str(BENCH / "Pick"), "--use-current-runtime", "-p:PublishAot=true"]
        _run([*publish, "--artifacts-path", str(directory / "artifacts"), "--output", str(directory / "out"), "--verbosity", "quiet"])
        return _run([str(directory / "out" / "Pick")]).strip()


def _run(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=True).stdout


ANNEX = Annex("pick", TITLE, None if shutil.which("dotnet") else "not installed: the .NET SDK", measure)
