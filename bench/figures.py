"""Figures, the budgets that they are held against, and the tables in which they are read."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured quantity. With a floor its budget is a ratio to it, else of its own unit."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    floor: float | None = None
    at_least: bool = False  # the budget is a lower bound

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.value / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        """`ok`, `over`, or nothing where there is no budget."""
        if self.budget is None:
            return ""
        judged = self.value if self.ratio is None else self.ratio
        good = judged >= self.budget if self.at_least else judged <= self.budget
        return "ok" if good else "over"

    def row(self) -> list[str]:
        """Its line in a table."""
        sign = "≥" if self.at_least else "≤"
        budget = "" if self.budget is None else f"{sign} {number(self.budget)}"
        if budget:
            budget += " ×" if self.floor else f" {self.unit}"
        return [
            self.name,
            f"{number(self.value)} {self.unit}",
            f"{number(self.floor)} {self.unit}" if self.floor else "",
            f"{self.ratio:.2f} ×" if self.ratio else "",
            budget,
            self.verdict,
        ]

    def described(self) -> dict[str, Any]:
        """The figure as .local/bench.json keeps it."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


FIGURE_COLUMNS = ["", "measured", "floor", "ratio", "budget", ""]


def number(value: float) -> str:
    """A number with as many digits as mean something."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent do not pass."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Text in columns, the first to the left and the others to the right."""
    widths = [max(len(line[place]) for line in (columns, *rows)) for place in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join([first, *rest]).rstrip()

    rule = "─" * (sum(widths) + 2 * len(widths) - 2)
    return "\n".join([f"\n{title}", line(columns), rule, *map(line, rows)])
