"""What is told about returns that are due."""

from typing import Any

from contracts.parks import ReturnDue


def return_due(row: Any, days_left: int) -> ReturnDue:
    units = (row.unit_code, row.administration_unit, *(row.jurisdictions or ()))
    return ReturnDue(
        series=f"{row.enterprise_id}/{row.period}",
        enterprise_id=row.enterprise_id,
        uscc=row.uscc,
        period=row.period,
        form_code=row.form_code,
        due_on=row.due_on,
        days_left=days_left,
        is_overdue=row.stage == "overdue",
        concerned_units=tuple(dict.fromkeys(filter(None, units))),
    )
