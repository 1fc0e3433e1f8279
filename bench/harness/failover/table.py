"""How is the comparison of failover shown?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from harness.failover.bars import missed
from harness.failover.contestants import Contestant
from harness.failover.faults import Fault
from harness.failover.outcome import Outcome
from harness.failover.trial import LATE_SECONDS

COLUMNS: dict[str, tuple[Callable[[Outcome], float | None], int]] = {
    "cut": (lambda outcome: outcome.cut, 0),
    "failed": (lambda outcome: outcome.failed, 0),
    "p50 ms": (lambda outcome: outcome.p50_ms, 1),
    "p99 ms": (lambda outcome: outcome.p99_ms, 1),
    "max ms": (lambda outcome: outcome.max_ms, 0),
    "over 300 ms": (lambda outcome: outcome.slow, 0),
    "s until unaffected": (lambda outcome: outcome.unaffected_seconds, 1),
    "s to recover": (lambda outcome: outcome.recovery_seconds, 1),
}


@dataclass
class Row:
    """All runs of one balancer with one fault at one rate."""

    fault: Fault
    rate: int
    contestant: Contestant
    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def render(rows: list[Row]) -> str:
    """A Markdown table of medians with their range over the runs; then what could not be measured."""
    lines = ["| fault | clients/s | balancer | " + " | ".join(COLUMNS) + " | verdict |", "|---|--:|---|" + "--:|" * len(COLUMNS) + "---|"]
    lines += [_line(row) for row in rows]
    failures = [f"- {row.fault.name}, {row.rate} clients/s, {row.contestant.name}: {failure}" for row in rows for failure in row.failures]
    return "\n".join(lines + (["", "Failed:", "", *failures] if failures else []))


def _line(row: Row) -> str:
    cells = [_spread([value(outcome) for outcome in row.outcomes], decimals) for value, decimals in COLUMNS.values()]
    return f"| {row.fault.name} | {row.rate:,} | {row.contestant.name} | {' | '.join(cells)} | {_verdict(row)} |"


def _spread(values: list[float | None], decimals: int) -> str:
    """The median and the range; a run without a value counts as the largest."""
    if not values:
        return "-"
    ordered = [float("inf") if value is None else value for value in values]
    low, middle, high = (_text(value, decimals) for value in (min(ordered), median(ordered), max(ordered)))
    return middle if low == high else f"{middle} ({low} - {high})"


def _text(value: float, decimals: int) -> str:
    return "never" if value == float("inf") else f"{value:,.{decimals}f}"


def _verdict(row: Row) -> str:
    """Each run must reach every bar; a run whose clients came late says so."""
    late = max((outcome.late_ms for outcome in row.outcomes), default=0)
    notes = [f"clients up to {late:.0f} ms late"] if late > LATE_SECONDS * 1000 else []
    judged = [missed(row.fault.name, row.rate, row.contestant, outcome) for outcome in row.outcomes]
    if judged and judged[0] is not None:
        runs = [run for run in judged if run]
        names = ", ".join(dict.fromkeys(name for run in runs for name in run))
        notes.insert(0, f"MISSED in {len(runs)} of {len(judged)}: {names}" if runs else "bar")
    return "; ".join(notes) or "-"
