"""What is compared, with whom, and how good must it be?"""

from dataclasses import dataclass
from enum import Enum


class Against(Enum):
    """What a figure of LbTcp is divided by before it is held against bar and goal."""

    BETTER_PEER = "the better peer"
    HAPROXY = "HAProxy"
    NOTHING = "itself"


@dataclass(frozen=True)
class Figure:
    """One row of the table; less is better in all of them. A bar or goal of None means: shown, not judged."""

    key: str
    title: str
    against: Against
    bar: float | None
    goal: float | None
    decimals: int = 2
