"""The page with the results."""

import textwrap

from harness.balancers import Balancer
from harness.experiment import Experiment
from harness.rounds import Block
from harness.scale import Scale
from harness.table import render


def compose(
    facts: list[str],
    blocks: list[Block],
    experiments: list[Experiment],
    balancers: list[Balancer],
    scale: Scale,
    annexes: list[tuple[str, str]],
) -> str:
    """Returns the page that is printed and, after a full run, written to RESULTS.md."""
    figures = [figure for experiment in experiments for figure in experiment.figures]
    names = [balancer.name for balancer in balancers]
    sections = ["# Benchmark results", _list(facts)]
    sections.append(
        f"Medians of {scale.rounds} rounds (lowest - highest); less is better in every row. Only ratios within one run are meaningful.\n"
        "[README.md](README.md) describes each experiment."
    )
    for block in blocks:
        sections.append(f"## Access logs {'on' if block.access_log else 'off'} everywhere")
        sections.append(render(block, figures, names))
        if block.failures:
            sections.append("Failed:\n\n" + _list(block.failures))
    for title, table in annexes:
        sections += [f"## {title}", table]
    return "\n\n".join(sections) + "\n"


def _list(lines: list[str]) -> str:
    """A Markdown list, filled to the line length of this repository."""
    return "\n".join(textwrap.fill(f"- {line}", 140, subsequent_indent="  ", break_on_hyphens=False) for line in lines)
