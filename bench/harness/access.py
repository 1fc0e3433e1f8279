"""What do access rules cost a connection?"""

import dataclasses
import tempfile
from pathlib import Path

from harness.annex import Annex
from harness.balancers import lbtcp, lbtcp_absent
from harness.scale import Scale
from harness.variants import compare

RULES = 100_000
TITLE = f"What {RULES:,} access rules cost: bar 1.02"


def measure(scale: Scale) -> str:
    with tempfile.TemporaryDirectory(prefix="lbtcp-access.") as directory:
        rules = Path(directory) / "rules"
        # With gaps between the networks, or they would become one.
        rules.write_text("".join(f"deny {11 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.0/25\n" for number in range(RULES)))
        with_rules = lbtcp("--access-file", str(rules))
        return compare("access rules", {f"{RULES:,}": with_rules, "none": lbtcp(), "none, again": lbtcp()}, "none", scale)


ANNEX = Annex("access", TITLE, lbtcp_absent(), measure)
