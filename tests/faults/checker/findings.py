"""What a check found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["lost", "doubled", "out of order", "unexpected", "unequal"]
SHOWN = 5
"""Findings of one kind and place that are printed in full."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that breaks a promise: `where` is the comparison, `what` the thing."""

    kind: Kind
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}: {self.what}"


@dataclass(slots=True)
class Report:
    """All findings of a run, and the figures that tell how much was compared."""

    findings: list[Finding] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not self.findings

    def add(self, kind: Kind, where: str, things: Iterable[object]) -> None:
        self.findings += [Finding(kind, where, str(thing)) for thing in things]

    def kinds(self) -> set[str]:
        return {finding.kind for finding in self.findings}

    def __str__(self) -> str:
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        shown: Counter[tuple[str, str]] = Counter()
        for finding in self.findings:
            place = (finding.kind, finding.where)
            shown[place] += 1
            if shown[place] <= SHOWN:
                lines.append(f"  {finding}")
        lines += [
            f"  {kind}: {where}: … {count} in all"
            for (kind, where), count in shown.items()
            if count > SHOWN
        ]
        return "\n".join(lines)
