"""Bodies of assessments."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, Quantity, Text

from supervision.assessments.domain import AssessmentState
from supervision.calendar.schemas import CivilDate


class AssessmentCreate(ApiModel):
    """An assessment of these units over a period, by the newest revision of a scheme."""

    title: Text = Field(examples=["2026 年度科技自主创新工程考核"])
    scheme_code: Code = Field(examples=["yearly"])
    period_start: CivilDate = Field(examples=["2026-01-01"])
    period_end: CivilDate = Field(examples=["2026-12-31"])
    units: Annotated[list[Code], Field(max_length=1000)] = Field(
        default_factory=list,
        description="Without any: all units that lead an indicator or answer for an item.",
        examples=[["gangqu-admin", "st-bureau"]],
    )


class AssessmentCompute(ApiModel):
    """`refresh=false` computes from the records that are kept already."""

    refresh: bool = Field(default=True, description="Take in the records as they are now.")


class AssessmentRead(ApiModel):
    id: UUID
    title: str = Field(examples=["2026 年度科技自主创新工程考核"])
    scheme_code: str = Field(examples=["yearly"])
    scheme_version: int = Field(examples=[1])
    period_start: date
    period_end: date
    state: AssessmentState
    units: list[str] = Field(examples=[["gangqu-admin", "st-bureau"]])
    created_by: Actor
    computed_at: datetime | None
    published_by: str | None
    published_on: date | None
    appeal_until: date | None = Field(description="The last day on which a unit may appeal.")
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AssessmentPage(Page[AssessmentRead]):
    """Assessments, the newest first."""


class AssessmentVerification(ApiModel):
    """Whether computing again from the kept records and rulings gives the scores that stand."""

    same: bool = Field(examples=[True])
    scores: int = Field(description="Scores compared.", examples=[26])
    different: list[str] = Field(description="Units whose score differs.", examples=[[]])


class AssessmentLine(ApiModel):
    """Who gave or took points: a record's kind and id, or `full_marks`, `ruling`, `limit`,
    `member`."""

    kind: str = Field(examples=["item_overdue"])
    ref: str = Field(examples=["0197a3d4-7c1e-7000-8000-0000000000c1"])
    label: str = Field(examples=["2026-0001 补报七月报表"])
    points: Quantity = Field(examples=["-2"])


class AssessmentMarks(ApiModel):
    """A criterion; its lines add up to its score."""

    code: str = Field(examples=["rectification"])
    full_marks: Quantity = Field(examples=["100"])
    weight: Quantity = Field(examples=["20"])
    score: Quantity = Field(examples=["98"])
    lines: list[AssessmentLine]


class AssessmentScoreRead(ApiModel):
    """The score of a unit or a group, of 100. Equal totals share a place."""

    id: UUID
    assessment_id: UUID
    unit_code: str = Field(examples=["gangqu-admin"])
    kind: Literal["unit", "group"]
    total: Quantity = Field(examples=["92.5"])
    place: int = Field(description="Among the units, or among the groups.", examples=[1])
    criteria: list[AssessmentMarks]
    published: bool
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class AssessmentScorePage(Page[AssessmentScoreRead]):
    """Scores, the best first."""
