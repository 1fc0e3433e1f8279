"""What is one measurement, and what does it need?"""

import resource
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from harness.figures import Figure
from harness.stage import Stage


@dataclass(frozen=True)
class Experiment:
    """Measures one balancer once; `measure` returns a value for each of the figures, by key."""

    name: str
    figures: tuple[Figure, ...]
    tools: tuple[str, ...]
    measure: Callable[[Stage], dict[str, float]]
    descriptors: int = 1024

    @property
    def absent(self) -> str | None:
        """Why it cannot run here, or None when it can."""
        if missing := [tool for tool in self.tools if shutil.which(tool) is None]:
            return f"not installed: {', '.join(missing)}"
        _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        if limit != resource.RLIM_INFINITY and limit < self.descriptors:
            return f"it needs {self.descriptors} descriptors, `ulimit -Hn` is {limit}"
        return None
