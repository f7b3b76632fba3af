"""Target revisions as published events."""

from decimal import Decimal
from typing import Any

from contracts.targets import TargetRevised
from servicekit.types import plain
from targets.indicators.models import Indicator
from targets.revisions.models import TargetRevision


def target_revised(indicator: Indicator, row: TargetRevision) -> TargetRevised:
    return TargetRevised(
        indicator_code=row.indicator_code,
        indicator_name=indicator.name_zh,
        unit=indicator.unit,
        lead_unit=indicator.lead_unit,
        year=row.year,
        baseline=row.baseline,
        old_value=_exact(row.old_value),
        new_value=_exact(row.new_value),
        effective_on=row.effective_on,
        document_no=row.document_no,
        reason=row.reason,
        revised_at=row.revised_at,
    )


def told(row: TargetRevision) -> dict[str, Any]:
    """What the audit digests of a revision."""
    names = ("indicator_code", "year", "old_value", "new_value", "effective_on", "document_no")
    return {name: getattr(row, name) for name in names}


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(plain(value))
