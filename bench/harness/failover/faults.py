"""What can go wrong with a backend?"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from harness.failover.hosts import Hosts

FLAP_SECONDS = 0.7


@dataclass(frozen=True)
class Fault:
    """`play` has it last for some seconds, and returns the time.monotonic() of its begin when all is well again."""

    name: str
    play: Callable[[Hosts, float], float]


def _vanish(hosts: Hosts, seconds: float) -> float:
    begin = hosts.cut()
    time.sleep(seconds)
    hosts.mend()
    return begin


def _kill(hosts: Hosts, seconds: float) -> float:
    begin = hosts.kill()
    time.sleep(seconds)
    hosts.restart()
    return begin


def _hang(hosts: Hosts, seconds: float) -> float:
    begin = hosts.suspend()
    try:
        time.sleep(seconds)
    finally:
        hosts.resume()  # a suspended process cannot be ended in order
    return begin


def _flap(hosts: Hosts, seconds: float) -> float:
    begin = _vanish(hosts, FLAP_SECONDS)
    while time.monotonic() < begin + seconds:
        time.sleep(FLAP_SECONDS)
        _vanish(hosts, FLAP_SECONDS)
    return begin


ALL = (Fault("vanish", _vanish), Fault("kill", _kill), Fault("hang", _hang), Fault("flap", _flap))
