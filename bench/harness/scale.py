"""How much load makes one measurement?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    rounds: int
    requests: int
    connections: int
    bulk_seconds: int
    rate_seconds: int
    starts: int
    fault_seconds: int
    fault_rounds: int
    handshakes: int
    tls_bytes: int


# Fewer connections than ephemeral ports (28,000), or the search for a free one would be measured.
FULL = Scale(
    rounds=5,
    requests=200_000,
    connections=20_000,
    bulk_seconds=4,
    rate_seconds=4,
    starts=5,
    fault_seconds=16,
    fault_rounds=3,
    handshakes=2_000,
    tls_bytes=750_000_000,
)
QUICK = Scale(
    rounds=2,
    requests=60_000,
    connections=8_000,
    bulk_seconds=2,
    rate_seconds=2,
    starts=3,
    fault_seconds=6,
    fault_rounds=1,
    handshakes=800,
    tls_bytes=300_000_000,
)
