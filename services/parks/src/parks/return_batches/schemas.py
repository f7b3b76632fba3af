"""Steps of many returns as the API takes and gives them."""

from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel

from parks.returns.schemas import OperatingReturnRead, OperatingReturnSubmit

ONE_TO_MANY = Field(min_length=1, max_length=200)


class ReturnSubmission(OperatingReturnSubmit):
    """One of several returns to be handed in, at the version the caller has seen."""

    return_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    version: int = Field(ge=1, examples=[1])


class ReturnSubmissions(ApiModel):
    items: list[ReturnSubmission] = ONE_TO_MANY


class ReturnAcceptance(ApiModel):
    """One of several returns to be accepted, at the version the caller has seen."""

    return_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    version: int = Field(ge=1, examples=[2])


class ReturnAcceptances(ApiModel):
    items: list[ReturnAcceptance] = ONE_TO_MANY


class ReturnRefusal(ApiModel):
    code: str = Field(examples=["stale_version"])
    detail: str = Field(examples=["The record has changed since you read it; read it again"])


class ReturnOutcome(ApiModel):
    """The return after the step, or why it was not taken."""

    return_id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000004"])
    operating_return: OperatingReturnRead | None
    refusal: ReturnRefusal | None


class ReturnOutcomes(ApiModel):
    """What came of each, in the order of the items."""

    items: list[ReturnOutcome]
    dry_run: bool = Field(description="Nothing of this was stored.", examples=[False])
