"""What is told about restatements."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from contracts.parks import EnterpriseClass, OperatingReturnRestated

from parks.restatements.models import ReturnRestatement
from parks.returns.models import OperatingReturn


def return_restated(
    row: OperatingReturn, restatement: ReturnRestatement, uscc: str, units: Sequence[str]
) -> OperatingReturnRestated:
    """The numbers as they are now, and as they were."""
    before = {name: Decimal(value) for name, value in (restatement.before or {}).items()}
    return OperatingReturnRestated(
        return_id=row.id,
        restatement_id=restatement.id,
        enterprise_id=row.enterprise_id,
        uscc=uscc,
        enterprise_class=cast(EnterpriseClass, row.enterprise_class),
        park_code=row.park_code,
        period=row.period,
        measures=row.numbers,
        before=before,
        reason=restatement.reason,
        concerned_units=tuple(units),
    )
