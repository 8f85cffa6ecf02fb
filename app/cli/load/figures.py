"""What was measured, each figure beside its bar and its bare twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what, how much, in which unit; its bar and whether to lie above or below it; its bare twin."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    better: Literal["above", "below"] = "below"
    twin: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`ok`, `missed`, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        good = self.value >= self.bar if self.better == "above" else self.value <= self.bar
        return "ok" if good else "missed"


def table(figures: Sequence[Figure]) -> str:
    """All figures, one a line, as a terminal shows them."""
    head = ("what", "measured", "bar", "bare twin", "", "")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≥" if figure.better == "above" else "≤"
    bar = f"{sign} {_number(figure.bar)}" if figure.bar is not None else ""
    twin = f"{_number(figure.twin)} {figure.unit}" if figure.twin is not None else ""
    return figure.name, f"{_number(figure.value)} {figure.unit}", bar, twin, figure.verdict, figure.note


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
