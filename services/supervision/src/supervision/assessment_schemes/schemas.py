"""Bodies of schemes."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from servicekit.http.paging import Page
from servicekit.types import (
    AS_QUANTITY,
    QUANTITY_SCHEMA,
    Actor,
    ApiModel,
    Code,
    Text,
    exact_quantity,
)

from supervision.assessments.domain import Lapse, Measure

Points = Annotated[Decimal, exact_quantity(Decimal(1000)), AS_QUANTITY, QUANTITY_SCHEMA]


class AssessmentDeduction(ApiModel):
    """What one record of this kind costs."""

    record: Lapse
    points: Points = Field(examples=["2"])


class AssessmentShares(ApiModel):
    """What part of its marks an indicator gets at each light, from 0 to 1."""

    green: Points = Field(default=Decimal(1))
    amber: Points = Field(default=Decimal("0.6"))
    red: Points = Field(default=Decimal(0))


class AssessmentCriterion(ApiModel):
    """`share`: the full marks are divided among the indicators a unit leads, each gets its light's
    part. `deduction`: records take points off the full marks, down to nothing."""

    code: Code = Field(examples=["achievement"])
    name_zh: Text = Field(examples=["目标完成"])
    name_en: Text = Field(examples=["Achievement"])
    measure: Measure
    full_marks: Points = Field(examples=["100"])
    weight: Points = Field(description="Percent; all weights are 100.", examples=["60"])
    shares: AssessmentShares = Field(default_factory=AssessmentShares)
    deductions: Annotated[list[AssessmentDeduction], Field(max_length=20)] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def sound(self) -> Self:
        shares = (self.shares.green, self.shares.amber, self.shares.red)
        if self.full_marks <= 0 or self.weight <= 0 or any(not 0 <= one <= 1 for one in shares):
            raise PydanticCustomError("criterion", "Marks and weights are above 0, shares 0 to 1")
        if any(each.points <= 0 for each in self.deductions):
            raise PydanticCustomError("criterion", "A deduction is above 0")
        return self


class AssessmentSchemePut(ApiModel):
    """How units are assessed. Putting another content makes the next revision."""

    programme: Code = Field(examples=["innovation-programme"])
    name_zh: Text = Field(examples=["科技自主创新工程年度考核办法"])
    name_en: Text = Field(examples=["Yearly assessment"])
    appeal_workdays: int = Field(
        default=10, ge=1, le=60, description="Workdays from publication in which units may appeal."
    )
    criteria: Annotated[list[AssessmentCriterion], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def weights_are_whole(self) -> Self:
        if sum(each.weight for each in self.criteria) != 100:
            raise PydanticCustomError("weights", "The weights of the criteria must add up to 100")
        if len({each.code for each in self.criteria}) != len(self.criteria):
            raise PydanticCustomError("criteria", "Each criterion has a code of its own")
        return self


class AssessmentSchemeRead(AssessmentSchemePut):
    id: UUID
    code: Code = Field(examples=["yearly"])
    version: int = Field(description="Its revision.", examples=[1])
    put_by: Actor
    created_at: datetime
    updated_at: datetime


class AssessmentSchemePage(Page[AssessmentSchemeRead]):
    """The newest revision of every scheme, or with `revisions=true` all of them."""
