"""What parks tell of themselves, as the API takes and gives it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText

from parks.forms.schemas import ReturnPeriod
from parks.quality.schemas import ReturnFinding
from parks.returns.schemas import OperatingMeasures


class ParkReturnFields(ApiModel):
    unit: Literal["万元"] = Field(default="万元", description="The unit of the amounts.")
    measures: OperatingMeasures


class ParkReturnPut(ParkReturnFields):
    """A park's own numbers of a period, and why they differ from its enterprises'."""

    explanations: dict[Code, LongText] = Field(
        default={}, max_length=50, description="Why it is so, by the code of the rule that warns."
    )


class ParkReturnRead(ParkReturnFields):
    park_code: Code = Field(examples=["gangqu"])
    period: ReturnPeriod = Field(examples=["2026-Q3"])
    findings: Annotated[list[ReturnFinding], BeforeValidator(lambda found: found or [])] = Field(
        description="Where it differed from the enterprises when it was told, and why."
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class ParkReturnPage(Page[ParkReturnRead]):
    """One page of what a park told."""
