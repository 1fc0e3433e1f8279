"""Which balancers are compared, and how is each one started?"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.versions import version

BENCH = Path(__file__).resolve().parent.parent
NGINX_MODULES = Path("/usr/lib/nginx/modules")

os.environ["PATH"] += ":/usr/sbin"  # where Debian installs haproxy and nginx; an ordinary user's PATH lacks it
# Taken out of the environment, since lbtcp warns of variables with its prefix that it does not know.
_BINARY = Path(os.environ.pop("LBTCP_BINARY", BENCH.parent / "dist" / "lbtcp")).resolve()


@dataclass(frozen=True)
class Route:
    """Where a balancer listens, where it sends, and whether it writes a line per connection."""

    listen_port: int
    backend_port: int
    access_log: bool
    directory: Path


@dataclass(frozen=True)
class Balancer:
    """One contestant. `absent` is the reason why it is left out, or None when it can run."""

    name: str
    version: str
    absent: str | None
    command: Callable[[Route], list[str]]
    only: str | None = None  # the experiment that it takes part in; None for all
    runs_as_any_user: bool = True

    def takes_part_in(self, experiment: str) -> bool:
        return self.only in (None, experiment)


def all_balancers() -> list[Balancer]:
    return [lbtcp(), _haproxy(), _nginx("nginx"), _nginx("nginx half-close", "proxy_half_close on;", only="connection")]


def lbtcp_binary() -> Path:
    return _BINARY


def lbtcp_absent() -> str | None:
    """The reason why LbTcp cannot be measured, or None when it can."""
    binary = lbtcp_binary()
    return None if os.access(binary, os.X_OK) else f"{binary} does not exist; run ./build.sh publish, or set LBTCP_BINARY"


def lbtcp_command(listen_port: int, backend_ports: list[int] | list[str], *flags: str, binary: Path = _BINARY) -> list[str]:
    """The command that runs LbTcp; options may follow a port that is a string, as in `6379,weight=2`."""
    backends = [f"tcp://127.0.0.1:{port}" for port in backend_ports]
    return [str(binary), "--listen", f"127.0.0.1:{listen_port}", "--backends", *backends, "--drain-timeout", "1s", *flags]


def haproxy_absent() -> str | None:
    """The reason why HAProxy cannot be measured, or None when it can."""
    return None if shutil.which("haproxy") else "not installed (Debian package haproxy)"


def haproxy_command(template: str, directory: Path, values: dict[str, object]) -> list[str]:
    """Fills in a configuration of peers/ and returns the command that runs HAProxy with it."""
    return ["haproxy", "-db", "-f", _fill(template, directory, values)]


def nginx_absent() -> str | None:
    """The reason why nginx cannot be measured, or None when it can."""
    installed = shutil.which("nginx") and (NGINX_MODULES / "ngx_stream_module.so").exists()
    return None if installed else "not installed (Debian packages nginx and libnginx-mod-stream)"


def nginx_command(template: str, directory: Path, values: dict[str, object]) -> list[str]:
    """Fills in a configuration of peers/ and returns the command that runs nginx with it."""
    return ["nginx", "-c", _fill(template, directory, values | {"modules": NGINX_MODULES})]


def terminating(certificate: Path) -> list[Balancer]:
    """The balancers with TLS on their listeners. The file has the certificate and its key."""
    directives = f"ssl_certificate {certificate}; ssl_certificate_key {certificate}; ssl_protocols TLSv1.2 TLSv1.3;"
    return [
        lbtcp("--tls-cert", str(certificate)),
        _haproxy(tls=f" ssl crt {certificate}"),
        _nginx("nginx", tls=" ssl", directives=directives),
    ]


def lbtcp(*flags: str, binary: Path = _BINARY) -> Balancer:
    """LbTcp as an operator starts it for one backend, without health checks."""

    def command(route: Route) -> list[str]:
        logs = ("--access-log", "on", "--log-level", "info") if route.access_log else ("--access-log", "off", "--log-level", "warn")
        return lbtcp_command(route.listen_port, [route.backend_port], "--check", "none", *logs, *flags, binary=binary)

    return Balancer("LbTcp", version(str(binary), "--version"), lbtcp_absent(), command)


def _haproxy(tls: str = "") -> Balancer:
    def command(route: Route) -> list[str]:
        access_log = "log stdout format raw local0\n    option tcplog" if route.access_log else "no log"
        return haproxy_command("haproxy.cfg", route.directory, vars(route) | {"access_log": access_log, "tls": tls})

    return Balancer("HAProxy", version("haproxy", "-v"), haproxy_absent(), command)


def _nginx(name: str, directives: str = "", only: str | None = None, tls: str = "") -> Balancer:
    def command(route: Route) -> list[str]:
        values = vars(route) | {
            "access_log": f"{route.directory}/output session" if route.access_log else "off",
            "directives": directives,
            "tls": tls,
        }
        return nginx_command("nginx.conf", route.directory, values)

    return Balancer(name, version("nginx", "-v"), nginx_absent(), command, only, runs_as_any_user=False)


def _fill(template: str, directory: Path, values: dict[str, object]) -> str:
    """Writes the peer's configuration into the directory and returns its path."""
    text = (BENCH / "peers" / template).read_text()
    for word, value in values.items():
        text = text.replace(f"@{word}@", str(value))
    path = directory / template
    path.write_text(text)
    return str(path)

