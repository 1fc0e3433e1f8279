"""What else does a full run print?"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from harness.scale import Scale

FAILED = "Failed."


@dataclass(frozen=True)
class Annex:
    """A section of the page with a table of its own. `absent` is the reason why it is left out, or None when it can run.

    `measure` returns the table; most have a size of their own, whatever the scale.
    """

    name: str
    title: str
    absent: str | None
    measure: Callable[[Scale], str]

    def section(self, scale: Scale) -> tuple[str, str]:
        """The title and the table, or FAILED instead of the table; prints the reason of a failure."""
        try:
            return self.title, self.measure(scale)
        except (subprocess.SubprocessError, OSError, RuntimeError) as failure:
            print(f"{self.name}: {failure}", file=sys.stderr)
            return self.title, FAILED
