"""What a step suits, so that most steps that chance takes can be taken."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.funding.tests.money.books import ON_ITS_WAY, STEPS, Award, Document, Payment


@dataclass(frozen=True, slots=True)
class Suits:
    """To what a step can be done."""

    award: Callable[[Award], bool] = lambda row: row.left > 0
    payment: Callable[[Payment], bool] = lambda row: row.state in (*ON_ITS_WAY, "succeeded")
    document: Callable[[Document], bool] = lambda row: row.state == "draft"


MAY: Mapping[str, Suits] = defaultdict(
    Suits,
    cancel=Suits(award=lambda row: row.left == row.amount),
    retry=Suits(payment=lambda row: row.state in STEPS["retry"]),
    draft=Suits(payment=lambda row: row.state == "succeeded"),
)


def suited(rows: Mapping[int, Any], handle: int, suits: Callable[[Any], bool]) -> int:
    """What suits a step and was made last before the thing that was thrown: most steps can be
    taken. A blind hand takes what was thrown, also when it was never made."""
    return max(
        (each for each, row in rows.items() if each <= handle and suits(row)), default=handle
    )
