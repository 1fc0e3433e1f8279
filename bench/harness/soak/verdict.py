"""Is everything back where it was, and did every client get what it should?"""

from dataclasses import dataclass

from harness.soak.load import Load
from harness.soak.samples import Sample


@dataclass(frozen=True)
class Course:
    """The balancer's figures over the soak: at rest, in the first typical minute of load, in the last, and at rest again."""

    before: Sample
    first: Sample
    last: Sample
    after: Sample


@dataclass(frozen=True)
class Allowance:
    """How much more than at first still counts as the same."""

    share: float
    constant: int

    def permits(self, first: float, last: float) -> bool:
        return last <= first * (1 + self.share) + self.constant


# The load itself varies: short connections come and go between two samples.
UNDER_LOAD = {
    "descriptors": Allowance(0.10, 10),
    "threads": Allowance(0, 2),
    "resident_kb": Allowance(0.10, 1024),
}
# Without load only the listener, and perhaps a health check on its way, hold a socket.
SOCKETS_AT_REST = Allowance(0, 2)


def faults(course: Course, load: Load, exit_code: int) -> list[str]:
    """What is wrong, one sentence each; none is the good end."""
    found = [
        f"{name} grew under load"
        for name, allowance in UNDER_LOAD.items()
        if not allowance.permits(getattr(course.first, name), getattr(course.last, name))
    ]
    if not SOCKETS_AT_REST.permits(course.before.sockets, course.after.sockets):
        found.append("sockets are left after the load")
    if load.unexpected:
        found.append(f"{load.unexpected} connections failed though no backend of theirs was killed")
    if exit_code != 0:
        found.append(f"SIGTERM ended it with exit code {exit_code}")
    return found
