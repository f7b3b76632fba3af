"""Bodies of what proves that something is put right."""

from pydantic import Field
from servicekit.types import ApiModel, LongText

from supervision.calendar.schemas import CivilDate


class ReinspectionGiven(ApiModel):
    """What somebody found who looked again."""

    inspected_on: CivilDate = Field(examples=["2026-09-10"])
    passed: bool = Field(description="With false the item goes back to work.", examples=[True])
    note: LongText = Field(examples=["现场复查，台账与报表一致。"])
