"""Three hosts, each in a network namespace of its own, with cables to one in the middle; see network_namespaces(7)."""

import contextlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass

LOST = "02:00:00:00:00:ff"  # an address that no interface has
# Connections in TIME_WAIT hold tens of thousands of ports; the queue of a program that hangs must hold all its clients.
SETTINGS = {"ipv4/ip_local_port_range": "1024 65535", "core/somaxconn": "65535"}


@dataclass(frozen=True)
class Cable:
    """Where a host is plugged in: `interface` in the middle, `cable` at the host's end."""

    number: int
    host: str

    @property
    def interface(self) -> str:
        return f"cable{self.number}"

    @property
    def address(self) -> str:
        return f"10.77.{self.number}.2"

    @property
    def middle_address(self) -> str:
        return f"10.77.{self.number}.1"

    @property
    def hardware(self) -> str:
        return f"02:00:00:00:{self.number:02}:02"

    @property
    def middle_hardware(self) -> str:
        return f"02:00:00:00:{self.number:02}:01"


class Network:
    """Exists within its `with` block. No interface of this machine is touched."""

    def __init__(self, names: tuple[str, ...]) -> None:
        prefix = f"lbtcp-bench-{os.getpid()}"
        self._middle = f"{prefix}-middle"
        self._cables = {name: Cable(number, f"{prefix}-{name}") for number, name in enumerate(names, 1)}
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> "Network":
        try:
            self._create(self._middle)
            for cable in self._cables.values():
                self._create(cable.host)
                self._connect(cable)
                self._acquaint(cable)
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def address(self, name: str) -> str:
        return self._cables[name].address

    def in_middle(self, command: list[str]) -> list[str]:
        """The command that runs this one in the middle, under the same process id."""
        return _inside(self._middle, command)

    def at_host(self, name: str, command: list[str]) -> list[str]:
        return _inside(self._cables[name].host, command)

    def cut(self, name: str) -> float:
        """The host vanishes as one behind a router does: what is sent to it is neither answered nor refused.

        Returns the time.monotonic() from which on nothing reaches it.
        """
        cable = self._cables[name]
        self._set_neighbour_of_middle(cable, LOST)
        vanished = time.monotonic()
        self._set_neighbour_of_host(cable, LOST)
        return vanished

    def mend(self, name: str) -> None:
        self._acquaint(self._cables[name])

    def _create(self, namespace: str) -> None:
        # Before the creation, so that a signal between the two leaves nothing behind.
        self._cleanup.callback(subprocess.run, ["ip", "netns", "delete", namespace], stderr=subprocess.DEVNULL, check=False)
        _run(["ip", "netns", "add", namespace])
        _ip(namespace, "link set lo up")
        settings = "; ".join(f"echo {value} > /proc/sys/net/{name}" for name, value in SETTINGS.items())
        _run(_inside(namespace, ["sh", "-ec", settings]))

    def _connect(self, cable: Cable) -> None:
        interface = cable.interface
        peer = f"name cable netns {cable.host} address {cable.hardware}"
        _ip(
            self._middle,
            f"link add name {interface} address {cable.middle_hardware} type veth peer {peer}",
            f"address add {cable.middle_address}/24 dev {interface}",
            f"link set {interface} up",
        )
        _ip(cable.host, f"address add {cable.address}/24 dev cable", "link set cable up")

    def _acquaint(self, cable: Cable) -> None:
        """The two know each other's hardware address for good: ARP, whose silence would be an answer (EHOSTUNREACH), is not used."""
        self._set_neighbour_of_host(cable, cable.middle_hardware)
        self._set_neighbour_of_middle(cable, cable.hardware)

    def _set_neighbour_of_middle(self, cable: Cable, hardware: str) -> None:
        _ip(self._middle, f"neighbour replace {cable.address} lladdr {hardware} dev {cable.interface} nud permanent")

    def _set_neighbour_of_host(self, cable: Cable, hardware: str) -> None:
        _ip(cable.host, f"neighbour replace {cable.middle_address} lladdr {hardware} dev cable nud permanent")


def absent() -> str | None:
    """The reason why no network can be made here, or None when one can."""
    if missing := [tool for tool in ("ip", "unshare") if shutil.which(tool) is None]:
        return f"not installed: {', '.join(missing)}"
    tried = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 and os.geteuid() == 0 else "network namespaces are not allowed here; it needs root"


def _inside(namespace: str, command: list[str]) -> list[str]:
    return ["ip", "netns", "exec", namespace, *command]


def _ip(namespace: str, *lines: str) -> None:
    _run(["ip", "-netns", namespace, "-batch", "-"], "\n".join(lines))


def _run(command: list[str], text: str = "") -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
