"""Runs a micro-benchmark, a .NET project of bench/, as native code, like the program itself."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from harness.annex import Annex
from harness.balancers import BENCH
from harness.scale import Scale


def annex(name: str, project: str, title: str) -> Annex:
    """The annex with the Markdown table that the project prints."""

    def measure(_: Scale) -> str:
        return _compile_and_run(project)

    return Annex(name, title, None if shutil.which("dotnet") else "not installed: the .NET SDK", measure)


def _compile_and_run(project: str) -> str:
    """Raises CalledProcessError or TimeoutExpired when that fails."""
    with tempfile.TemporaryDirectory(prefix="lbtcp-micro.") as name:
        directory = Path(name)
        publish = ["dotnet", "publish", str(BENCH / project), "--use-current-runtime", "-p:PublishAot=true"]
        _run([*publish, "--artifacts-path", str(directory / "artifacts"), "--output", str(directory / "out"), "--verbosity", "quiet"])
        return _run([str(directory / "out" / project)]).strip()


def _run(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=300, check=True).stdout
