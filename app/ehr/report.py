"""What became of a file, line by line and in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.ehr.intake import Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: where it stood, what it was, what became of it and why; `raw` for quarantine."""

    where: str
    what: str
    outcome: Outcome
    reason: str
    patient_id: UUID | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one file; `run_id` is None where nothing was stored (a dry run)."""

    name: str
    format: str
    lines: tuple[Line, ...]
    run_id: UUID | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many records were taken, known already, skipped and quarantined."""
        return counts_of(self.lines)


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """Lines by outcome, every outcome named."""
    found = Counter(line.outcome for line in lines)
    return {outcome.value: found.get(outcome, 0) for outcome in Outcome}


def as_text(report: Report, *, everything: bool = False) -> str:
    """A report for a terminal: numbers, then each line; reasons that repeat are counted, unless `everything`."""
    counts = report.counts
    head = ", ".join(f"{number} {name}" for name, number in counts.items())
    lines = [f"{report.name} ({report.format}): {head}"]
    shown = Counter((line.outcome, line.what, line.reason) for line in report.lines)
    for line in report.lines:
        key = (line.outcome, line.what, line.reason)
        many = shown.pop(key, 0)
        if everything or many:
            more = f"  (and {many - 1} more like it)" if many > 1 and not everything else ""
            lines.append(f"  {line.outcome.value:<11} {line.where:<22} {line.what:<12} {line.reason}{more}")
    return "\n".join(lines)
