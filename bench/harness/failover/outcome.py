"""What did the clients of one run notice?"""

from dataclasses import dataclass

SLOW_SECONDS = 0.3
STRIKE_SECONDS = 0.1  # a killed process takes a moment to end


@dataclass(frozen=True)
class Sample:
    """One client: when it came (time.monotonic()), how long it waited, and the backend that answered; empty when none did."""

    due: float
    waited: float
    backend: str

    @property
    def end(self) -> float:
        return self.due + self.waited

    @property
    def has_failed(self) -> bool:
        return not self.backend

    @property
    def is_affected(self) -> bool:
        return self.has_failed or self.waited > SLOW_SECONDS


@dataclass(frozen=True)
class Outcome:
    """The counts have every client that came after the fault's begin; the percentiles have those that came while it lasted."""

    cut: int  # came before the fault, and failed or waited over 300 ms: a backend had their request, so no balancer may repeat it
    failed: int
    slow: int  # waited over 300 ms, failed or not
    p50_ms: float
    p99_ms: float
    max_ms: float
    unaffected_seconds: float  # from the fault until the last client came that failed or waited over 300 ms
    last_failure_seconds: float  # from the fault until the last client came that failed
    recovery_seconds: float | None  # from the end of the fault until its backend served a client that came afterwards; None: never
    usual_ms: float  # the p99 before the fault
    late_ms: float  # by how much the load came too late, at most


def outcome(samples: list[Sample], begin: float, end: float, victim: str, late_seconds: float) -> Outcome:
    """Sums up a run whose fault had struck at `begin` and lasted until `end`.

    Raises ValueError when clients were affected before the fault, or none came.
    """
    before = [sample for sample in samples if sample.end < begin - STRIKE_SECONDS]
    under_way = [sample for sample in samples if sample.due < begin and sample.end >= begin - STRIKE_SECONDS]
    since = [sample for sample in samples if sample.due >= begin]
    if not before or any(sample.is_affected for sample in before):
        raise ValueError(f"{sum(sample.is_affected for sample in before)} of {len(before)} clients were affected before the fault")
    waits = sorted(sample.waited * 1000 for sample in since if sample.due < end)
    returned = [sample.end for sample in samples if sample.backend == victim and sample.due >= end]
    return Outcome(
        cut=sum(sample.is_affected for sample in under_way),
        failed=sum(sample.has_failed for sample in since),
        slow=sum(sample.waited > SLOW_SECONDS for sample in since),
        p50_ms=_percentile(waits, 50),
        p99_ms=_percentile(waits, 99),
        max_ms=max(sample.waited * 1000 for sample in since),
        unaffected_seconds=_last([sample.due for sample in since if sample.is_affected], begin),
        last_failure_seconds=_last([sample.due for sample in since if sample.has_failed], begin),
        recovery_seconds=min(returned) - end if returned else None,
        usual_ms=_percentile(sorted(sample.waited * 1000 for sample in before), 99),
        late_ms=late_seconds * 1000,
    )


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[len(ordered) * percent // 100]


def _last(times: list[float], begin: float) -> float:
    return max(0.0, max(times, default=begin) - begin)
