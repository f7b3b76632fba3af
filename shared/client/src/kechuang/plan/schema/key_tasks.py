"""The eight key tasks and what each has to hand over."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import Code, Entry, Text, Year
from kechuang.plan.schema.indicators import MeasureUnit, Quantity


class Deliverable(Entry):
    """Something a task hands over; due at the end of its programme year.

    Where an indicator measures it, `indicator` names it and the deliverable follows its status.
    """

    kind: Literal["count", "built", "recurring", "amount", "grade"]
    quantity: Quantity | None = None
    unit: MeasureUnit | None = None
    indicator: Code | None = None
    due: Year = "Y3"
    responsible_units: Annotated[tuple[Code, ...], Field(min_length=1)]


class KeyTask(Entry):
    number: Annotated[int, Field(ge=1, le=8)]
    description: Text
    lead_unit: Code
    supporting_units: tuple[Code, ...] = ()
    starts: Year = "Y1"
    due: Year = "Y3"
    deliverables: Annotated[tuple[Deliverable, ...], Field(min_length=1)]
