"""How little may the clients of LbTcp notice?"""

from harness.failover.contestants import Contestant
from harness.failover.outcome import Outcome

LIMIT_MS = 350  # beside the time of an exchange
SLOW = {100: 5, 1_000: 30}  # clients that may wait over 300 ms, by clients per second
KILL_P99_MS = 10
HANG_FAILED = 10
HANG_SECONDS = 2
BARS = (
    f"vanish: 0 failed, longest wait {LIMIT_MS} ms plus an exchange, 5 clients over 300 ms at 100/s and 30 at 1,000/s; "
    f"kill: 0 failed, p99 {KILL_P99_MS} ms; "
    f"hang with a first-byte timeout: {HANG_FAILED} failed, none later than {HANG_SECONDS} s; flap: 0 failed"
)


def missed(fault: str, rate: int, contestant: Contestant, outcome: Outcome) -> list[str] | None:
    """Which of its bars a run misses; None when it has none."""
    if not contestant.is_ours:
        return None
    match fault:
        case "vanish":
            limit_ms = LIMIT_MS + outcome.usual_ms
            checks = {"failed": outcome.failed > 0, "max": outcome.max_ms > limit_ms, "over 300 ms": outcome.slow > SLOW[rate]}
        case "kill":
            checks = {"failed": outcome.failed > 0, "p99": outcome.p99_ms > KILL_P99_MS}
        case "hang" if contestant.only:
            late = outcome.last_failure_seconds > HANG_SECONDS
            checks = {"failed": outcome.failed > HANG_FAILED, "failed later than 2 s": late}
        case "flap":
            checks = {"failed": outcome.failed > 0}
        case _:
            return None
    return [name for name, is_missed in checks.items() if is_missed]
