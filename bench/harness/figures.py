"""What is compared, with which peers, and how good must it be?"""

from dataclasses import dataclass
from enum import Enum


class Against(Enum):
    """The peers whose best median divides LbTcp's before bar and goal are applied; without peers the value itself is judged."""

    BETTER_PEER = ("HAProxy", "nginx")
    BETTER_HALF_CLOSING_PEER = ("HAProxy", "nginx half-close")
    HAPROXY = ("HAProxy",)
    NOTHING = ()


@dataclass(frozen=True)
class Figure:
    """One row of the table; less is better in every row. A row whose bar or goal is None is shown and not judged."""

    key: str
    title: str
    against: Against
    bar: float | None
    goal: float | None
    decimals: int = 2
