"""What is said at the end?"""

from harness.balancers import Balancer
from harness.experiment import Experiment
from harness.rounds import Block
from harness.scale import Scale
from harness.table import render


def compose(facts: list[str], blocks: list[Block], experiments: list[Experiment], balancers: list[Balancer], scale: Scale, picks: str | None) -> str:
    """The page that is printed and, after a full run, kept as RESULTS.md."""
    figures = [figure for experiment in experiments for figure in experiment.figures]
    names = [balancer.name for balancer in balancers]
    sections = ["# Benchmark results", "\n".join(f"- {line}" for line in facts)]
    sections.append(
        f"Medians over the rounds, {scale.rounds} in all (lowest - highest); less is better everywhere. Only ratios within one run mean something. "
        "What is measured how: README.md beside this file."
    )
    for block in blocks:
        sections.append(f"## Access logs {'on' if block.access_log else 'off'} everywhere")
        sections.append(render(block, figures, names))
        if block.failures:
            sections.append("Failed:\n\n" + "\n".join(f"- {failure}" for failure in block.failures))
    if picks:
        sections += ["## What a pick costs, with 3, 100 and 10,000 healthy backends: bar 1 us, goal 100 ns", picks]
    return "\n\n".join(sections) + "\n"
