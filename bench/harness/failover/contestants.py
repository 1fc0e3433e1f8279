"""Which balancers meet the faults, and how is each one started?"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.balancers import haproxy_absent, haproxy_command, lbtcp_absent, lbtcp_binary, nginx_absent, nginx_command

FIRST_BYTE_FLAGS = ("--first-byte-timeout", "500ms")


@dataclass(frozen=True)
class Contestant:
    """`command` takes the port to listen on, the addresses of the backends and a directory for files."""

    name: str
    absent: str | None
    command: Callable[[int, list[str], Path], list[str]]
    only: str | None = None  # the fault that it takes part in; None for all
    is_ours: bool = False


def _lbtcp(*flags: str) -> Callable[[int, list[str], Path], list[str]]:
    def command(listen_port: int, backends: list[str], _: Path) -> list[str]:
        urls = [f"tcp://{address}" for address in backends]
        return [str(lbtcp_binary()), "--listen", f"127.0.0.1:{listen_port}", "--backends", *urls, "--drain-timeout", "1s", *flags]

    return command


def _haproxy(listen_port: int, backends: list[str], directory: Path) -> list[str]:
    servers = "\n    ".join(f"server server{number} {address} check" for number, address in enumerate(backends))
    return haproxy_command("haproxy-failover.cfg", directory, {"listen_port": listen_port, "servers": servers})


def _nginx(listen_port: int, backends: list[str], directory: Path) -> list[str]:
    servers = "\n        ".join(f"server {address};" for address in backends)
    return nginx_command("nginx-failover.conf", directory, {"listen_port": listen_port, "servers": servers, "directory": directory})


ALL = (
    Contestant("LbTcp", lbtcp_absent(), _lbtcp(), is_ours=True),
    Contestant("LbTcp `--first-byte-timeout 500ms`", lbtcp_absent(), _lbtcp(*FIRST_BYTE_FLAGS), only="hang", is_ours=True),
    Contestant("HAProxy", haproxy_absent(), _haproxy),
    Contestant("nginx", nginx_absent(), _nginx),
)
