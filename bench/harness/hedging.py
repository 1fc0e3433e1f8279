"""What does hedged dialling cost while every backend answers?"""

import dataclasses
import sys
from statistics import median

from harness.annex import Annex
from harness.balancers import Balancer, Route, lbtcp, lbtcp_absent, lbtcp_binary
from harness.experiments import connection
from harness.rounds import measure_once
from harness.scale import Scale
from harness.stage import REDIS_ADDRESSES

TITLE = "What hedged dialling costs while every backend answers, with three backends: bar 1.02"
# "off" twice: the ratio of two equal balancers shows how exact the other one is.
VARIANTS = {"on": (), "off": ("--hedge-after", "0"), "off, again": ("--hedge-after", "0")}
ROUNDS_PER_ROUND = 4  # of the other experiments: the bar is far below the variation of a single measurement


def measure(scale: Scale) -> str:
    """Measures the variants in turn, the first one changes every round, and returns a Markdown table."""
    values: dict[str, list[float]] = {variant: [] for variant in VARIANTS}
    for number in range(scale.rounds * ROUNDS_PER_ROUND):
        first = number % len(VARIANTS)
        for variant in [*VARIANTS, *VARIANTS][first : first + len(VARIANTS)]:
            values[variant] += measure_once(connection.EXPERIMENT, _balancer(VARIANTS[variant]), False, scale).values()
        told = "  ".join(f"{variant}={series[-1]:.1f}" for variant, series in values.items())
        print(f"hedging, round {number + 1}: {told}", file=sys.stderr)
    rows = ["| hedging | CPU us per connection | ratio to off |", "|---|--:|--:|"]
    rows += [f"| {variant} | {_spread(series)} | {_ratio(series, values['off'])} |" for variant, series in values.items()]
    return "\n".join(rows)


def _spread(series: list[float]) -> str:
    return f"{median(series):.1f} ({min(series):.1f} - {max(series):.1f})"


def _ratio(series: list[float], base: list[float]) -> str:
    """The median of the ratios within one round, which leaves out what changes from round to round."""
    return f"{median(value / other for value, other in zip(series, base, strict=True)):.3f}"


def _balancer(flags: tuple[str, ...]) -> Balancer:
    def command(route: Route) -> list[str]:
        backends = [f"tcp://{address}:{route.backend_port}" for address in REDIS_ADDRESSES]
        logs = ("--access-log", "off", "--log-level", "warn")
        listen = ("--listen", f"127.0.0.1:{route.listen_port}")
        return [str(lbtcp_binary()), *listen, "--backends", *backends, "--check", "none", "--drain-timeout", "1s", *logs, *flags]

    return dataclasses.replace(lbtcp(), command=command)


ANNEX = Annex("hedging", TITLE, lbtcp_absent(), measure)
