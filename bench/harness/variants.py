"""What does a variant of LbTcp cost, as a ratio to another one?"""

import sys
from statistics import median

from harness.balancers import Balancer
from harness.experiments import connection
from harness.rounds import measure_once
from harness.scale import Scale

ROUNDS_PER_ROUND = 4  # of the other experiments: these bars are far below the variation of a single measurement


def compare(title: str, variants: dict[str, Balancer], base: str, scale: Scale) -> str:
    """Measures a short connection with the variants in turn, the first one changes every round, and returns a Markdown table.

    Two variants that are equal show how exact the other ratios are.
    """
    values: dict[str, list[float]] = {variant: [] for variant in variants}
    for number in range(scale.rounds * ROUNDS_PER_ROUND):
        first = number % len(variants)
        for variant in [*variants, *variants][first : first + len(variants)]:
            values[variant] += measure_once(connection.EXPERIMENT, variants[variant], False, scale).values()
        told = "  ".join(f"{variant}={series[-1]:.1f}" for variant, series in values.items())
        print(f"{title}, round {number + 1}: {told}", file=sys.stderr)
    rows = [f"| {title} | CPU us per connection | ratio to {base} |", "|---|--:|--:|"]
    rows += [f"| {variant} | {_spread(series)} | {_ratio(series, values[base])} |" for variant, series in values.items()]
    return "\n".join(rows)


def _spread(series: list[float]) -> str:
    return f"{median(series):.1f} ({min(series):.1f} - {max(series):.1f})"


def _ratio(series: list[float], base: list[float]) -> str:
    """The median of the ratios within one round, which leaves out what changes from round to round."""
    return f"{median(value / other for value, other in zip(series, base, strict=True)):.3f}"
