"""What does hedged dialling cost while every backend answers?"""

import dataclasses

from harness.annex import Annex
from harness.balancers import Balancer, Route, lbtcp, lbtcp_absent, lbtcp_binary
from harness.scale import Scale
from harness.stage import REDIS_ADDRESSES
from harness.variants import compare

TITLE = "What hedged dialling costs while every backend answers, with three backends: bar 1.02"
VARIANTS = {"on": (), "off": ("--hedge-after", "0"), "off, again": ("--hedge-after", "0")}


def measure(scale: Scale) -> str:
    return compare("hedging", {name: _balancer(flags) for name, flags in VARIANTS.items()}, "off", scale)


def _balancer(flags: tuple[str, ...]) -> Balancer:
    def command(route: Route) -> list[str]:
        backends = [f"tcp://{address}:{route.backend_port}" for address in REDIS_ADDRESSES]
        logs = ("--access-log", "off", "--log-level", "warn")
        listen = ("--listen", f"127.0.0.1:{route.listen_port}")
        return [str(lbtcp_binary()), *listen, "--backends", *backends, "--check", "none", "--drain-timeout", "1s", *logs, *flags]

    return dataclasses.replace(lbtcp(), command=command)


ANNEX = Annex("hedging", TITLE, lbtcp_absent(), measure)
