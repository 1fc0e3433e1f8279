"""Which algorithms and weights are compared?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Clients stay, or each one leaves before the next one connects; `limit` is the max_connections of each server, 0 for none.
    """

    algorithm: str
    weights: tuple[int, ...]
    clients_stay: bool = True
    limit: int = 0

    @property
    def label(self) -> str:
        return f"{self.algorithm}, at most {self.limit} each" if self.limit else self.algorithm


CASES = (
    Case("roundrobin", (1, 1, 1)),
    Case("roundrobin", (3, 2, 1)),
    Case("roundrobin", (5, 1, 0)),
    Case("leastconn", (1, 1, 1)),
    Case("leastconn", (3, 2, 1)),
    Case("leastconn", (3, 2, 1), clients_stay=False),
    Case("random", (1, 1, 1)),
    Case("random", (3, 2, 1)),
    Case("random", (3, 2, 1), clients_stay=False),
    Case("source", (1, 1, 1)),
    Case("source", (3, 2, 1)),
    Case("first", (1, 1, 1), limit=250),
)
