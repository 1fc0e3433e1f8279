"""Does a connection cost more than with another binary?"""

import os
from pathlib import Path

from harness.annex import Annex
from harness.balancers import lbtcp, lbtcp_absent
from harness.scale import Scale
from harness.variants import compare

# Taken out of the environment for the same reason as LBTCP_BINARY.
_BEFORE = os.environ.pop("LBTCP_BEFORE", None)
TITLE = "What a connection costs beside another binary: bar 1.02"


def measure(scale: Scale) -> str:
    before = lbtcp(binary=Path(_BEFORE).resolve())
    return compare("binary", {"this": lbtcp(), "before": before, "before, again": before}, "before", scale)


def _absent() -> str | None:
    return lbtcp_absent() or (None if _BEFORE else "LBTCP_BEFORE does not name a binary to compare with")


ANNEX = Annex("before", TITLE, _absent(), measure)
