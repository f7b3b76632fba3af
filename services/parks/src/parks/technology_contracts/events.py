"""What is told about technology contracts."""

from collections.abc import Sequence
from typing import Any

from contracts.parks import (
    TechnologyContractCancelled,
    TechnologyContractCorrected,
    TechnologyContractRegistered,
)

from parks.returns.domain import UNIT
from parks.technology_contracts.models import TechnologyContract


def told(row: TechnologyContract, units: Sequence[str]) -> dict[str, Any]:
    names = ("number", "kind", "enterprise_id", "park_code", "amount", "registered_on")
    of_row = {name: getattr(row, name) for name in names}
    return {"contract_id": row.id, "unit": UNIT, "concerned_units": tuple(units), **of_row}


def contract_registered(
    row: TechnologyContract, units: Sequence[str]
) -> TechnologyContractRegistered:
    return TechnologyContractRegistered(**told(row, units))


def contract_corrected(
    row: TechnologyContract, units: Sequence[str]
) -> TechnologyContractCorrected:
    return TechnologyContractCorrected(**told(row, units))


def contract_cancelled(
    row: TechnologyContract, units: Sequence[str]
) -> TechnologyContractCancelled:
    assert row.cancelled_on is not None, "a constraint"
    return TechnologyContractCancelled(**told(row, units), cancelled_on=row.cancelled_on)
