"""What does the balancer hold, every ten seconds?"""

import asyncio
import csv
import os
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

from harness.readings import cpu_seconds, resident_kb

INTERVAL_SECONDS = 10


@dataclass(frozen=True)
class Sample:
    seconds: float
    descriptors: int
    sockets: int
    threads: int
    resident_kb: int
    cpu_seconds: float


def take(pid: int, start: float) -> Sample:
    """Reads the process; `start` is the time.monotonic() from which samples count."""
    kinds = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    return Sample(
        seconds=round(time.monotonic() - start, 1),
        descriptors=len(kinds),
        sockets=sum(kind.startswith("socket:") for kind in kinds),
        threads=len(os.listdir(f"/proc/{pid}/task")),
        resident_kb=resident_kb([pid]),
        cpu_seconds=round(cpu_seconds([pid]), 3),
    )


async def take_forever(pid: int, start: float, samples: list[Sample], file: Path) -> None:
    """Appends a sample to the list and to the CSV file every ten seconds, until cancelled."""
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Sample)])
        writer.writeheader()
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            samples.append(take(pid, start))
            writer.writerow(asdict(samples[-1]))
            stream.flush()


def typical(samples: list[Sample], begin: float, end: float) -> Sample:
    """The median of each figure over the samples of this time."""
    chosen = [sample for sample in samples if begin <= sample.seconds <= end]
    return Sample(*(median(getattr(sample, field.name) for sample in chosen) for field in fields(Sample)))
