"""What is said about a soak?"""

from harness.soak.lives import KINDS
from harness.soak.load import Load
from harness.soak.samples import Sample
from harness.soak.verdict import Course

ROWS = {
    "descriptors": lambda sample: f"{sample.descriptors:.0f}",
    "of them sockets": lambda sample: f"{sample.sockets:.0f}",
    "threads": lambda sample: f"{sample.threads:.0f}",
    "resident MB": lambda sample: f"{sample.resident_kb / 1024:.1f}",
    "CPU s so far": lambda sample: f"{sample.cpu_seconds:.1f}",
}


def compose(course: Course, load: Load, kills: int, faults: list[str]) -> str:
    moments: list[tuple[str, Sample]] = [
        ("before the load", course.before),
        (f"at {course.first.seconds / 60:.1f} min", course.first),
        (f"at {course.last.seconds / 60:.1f} min", course.last),
        ("after the load", course.after),
    ]
    lines = [f"{'':16}" + "".join(f"{title:>17}" for title, _ in moments)]
    lines += [f"{row:16}" + "".join(f"{show(sample):>17}" for _, sample in moments) for row, show in ROWS.items()]
    lines += ["", f"{'connections':16}{'completed':>17}{'cut by a kill':>17}"]
    for kind in KINDS:
        name = kind.life.__name__
        lines.append(f"{name:16}{load.completed[name]:>17}{load.cut_by_kill[name]:>17}")
    lines += ["", f"Backends killed: {kills}. Connections that failed and should not have: {load.unexpected}."]
    lines += [f"  {error}" for error in load.errors]
    lines += ["Verdict: " + ("; ".join(faults) if faults else "everything is back where it was.")]
    return "\n".join(lines)
