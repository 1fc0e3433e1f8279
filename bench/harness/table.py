"""What does the reader see?"""

from statistics import median

from harness.figures import Against, Figure
from harness.rounds import Block

OURS = "LbTcp"


def render(block: Block, figures: list[Figure], names: list[str]) -> str:
    """One Markdown table of a block: medians with their range over the rounds, then LbTcp against bar and goal."""
    rows = [["figure", *names, "compared", "bar", "goal", "verdict"]]
    rows += [_row(block, figure, names) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(block: Block, figure: Figure, names: list[str]) -> list[str]:
    cells = [_spread(block.values.get((figure.key, name)), figure.decimals) for name in names]
    compared, shown = _compared(block, figure, names)
    return [figure.title, *cells, shown, _limit(figure.bar), _limit(figure.goal), _verdict(figure, compared)]


def _spread(values: list[float] | None, decimals: int) -> str:
    if not values:
        return "-"
    return f"{median(values):.{decimals}f} ({min(values):.{decimals}f} - {max(values):.{decimals}f})"


def _compared(block: Block, figure: Figure, names: list[str]) -> tuple[float | None, str]:
    """The number that bar and goal apply to, and its text in the table."""
    medians = {name: median(block.values[figure.key, name]) for name in names if block.values.get((figure.key, name))}
    ours = medians.pop(OURS, None)
    if ours is None:
        return None, "-"
    if figure.against is Against.NOTHING:
        return ours, "-"
    peers = {name: value for name, value in medians.items() if name in figure.against.value}
    if not peers:
        return None, "-"
    best = min(peers, key=peers.__getitem__)
    ratio = ours / peers[best]
    return ratio, f"{ratio:.2f} of {best}"


def _limit(value: float | None) -> str:
    return "-" if value is None else f"<= {value:g}"


def _verdict(figure: Figure, compared: float | None) -> str:
    if compared is None or figure.bar is None or figure.goal is None:
        return "-"
    if compared <= figure.goal:
        return "goal"
    return "bar" if compared <= figure.bar else "MISSED"
