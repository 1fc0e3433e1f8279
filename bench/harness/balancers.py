"""Who is compared, and how is each one started?"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.versions import version

BENCH = Path(__file__).resolve().parent.parent
NGINX_MODULES = Path("/usr/lib/nginx/modules")


@dataclass(frozen=True)
class Route:
    """Where a balancer listens, where it sends, and whether it writes a line per connection."""

    listen_port: int
    backend_port: int
    access_log: bool
    directory: Path


@dataclass(frozen=True)
class Balancer:
    """One contestant. `absent` says why it is left out, or None when it can run."""

    name: str
    version: str
    absent: str | None
    command: Callable[[Route], list[str]]


def all_balancers() -> list[Balancer]:
    return [_lbtcp(), _haproxy(), _nginx()]


def lbtcp_binary() -> Path:
    return Path(os.environ.get("LBTCP_BINARY", BENCH.parent / "dist" / "lbtcp")).resolve()


def lbtcp_absent() -> str | None:
    """Why LbTcp cannot be measured, or None when it can."""
    binary = lbtcp_binary()
    return None if os.access(binary, os.X_OK) else f"{binary} is not there; ./build.sh publish makes it, LBTCP_BINARY names another"


def lbtcp_command(listen_port: int, backend_ports: list[int], *flags: str) -> list[str]:
    backends = [f"tcp://127.0.0.1:{port}" for port in backend_ports]
    return [str(lbtcp_binary()), "--listen", f"127.0.0.1:{listen_port}", "--backends", *backends, "--drain-timeout", "1s", *flags]


def _lbtcp() -> Balancer:
    def command(route: Route) -> list[str]:
        logs = ("--access-log", "on", "--log-level", "info") if route.access_log else ("--access-log", "off", "--log-level", "warn")
        return lbtcp_command(route.listen_port, [route.backend_port], "--check", "none", *logs)

    return Balancer("LbTcp", version(str(lbtcp_binary()), "--version"), lbtcp_absent(), command)


def _haproxy() -> Balancer:
    def command(route: Route) -> list[str]:
        access_log = "log stdout format raw local0\n    option tcplog" if route.access_log else "no log"
        return ["haproxy", "-db", "-f", _fill("haproxy.cfg", route, access_log=access_log)]

    absent = None if shutil.which("haproxy") else "not installed (Debian package haproxy)"
    return Balancer("HAProxy", version("haproxy", "-v"), absent, command)


def _nginx() -> Balancer:
    def command(route: Route) -> list[str]:
        access_log = f"{route.directory}/output session" if route.access_log else "off"
        return ["nginx", "-c", _fill("nginx.conf", route, access_log=access_log, modules=NGINX_MODULES)]

    installed = shutil.which("nginx") and (NGINX_MODULES / "ngx_stream_module.so").exists()
    absent = None if installed else "not installed (Debian packages nginx and libnginx-mod-stream)"
    return Balancer("nginx", version("nginx", "-v"), absent, command)


def _fill(template: str, route: Route, **values: object) -> str:
    """Writes the peer's configuration into the route's directory and returns its path."""
    text = (BENCH / "peers" / template).read_text()
    for word, value in {**vars(route), **values}.items():
        text = text.replace(f"@{word}@", str(value))
    path = route.directory / template
    path.write_text(text)
    return str(path)

