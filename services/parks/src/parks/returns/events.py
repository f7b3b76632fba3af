"""What is told about operating returns."""

from collections.abc import Sequence
from typing import cast

from contracts.parks import EnterpriseClass, OperatingReturnAccepted

from parks.returns.models import OperatingReturn


def return_accepted(
    row: OperatingReturn, uscc: str, units: Sequence[str]
) -> OperatingReturnAccepted:
    """The accepted numbers with what they were counted as."""
    return OperatingReturnAccepted(
        return_id=row.id,
        enterprise_id=row.enterprise_id,
        uscc=uscc,
        enterprise_class=cast(EnterpriseClass, row.enterprise_class),
        park_code=row.park_code,
        period=row.period,
        measures=row.numbers,
        concerned_units=tuple(units),
    )
