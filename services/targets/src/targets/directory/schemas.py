"""Units and working groups as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Day, Text
from targets.programmes.schemas import PlanBody, Sentence

UnitKind = Literal[
    "superior_city",
    "leading_group",
    "headquarters",
    "programme_office",
    "working_group",
    "bureau",
    "town",
    "subdistrict",
    "park_administration",
    "service_centre",
    "association",
    "enterprise",
    "collective",
]


class UnitPut(PlanBody):
    kind: UnitKind = Field(examples=["bureau"])
    parent: Code | None = Field(default=None, examples=["headquarters"])
    parent_since: Day | None = Field(
        default=None,
        description="The day from which it stands there: numbers of periods that ended earlier "
        "stay with its former superior. Today for a unit that is moved, ever for a new one.",
        examples=["2026-07-01"],
    )
    aliases: list[Text] = Field(default=[], max_length=50)
    active: bool = True


class UnitRead(UnitPut):
    code: Code = Field(examples=["st-bureau"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class UnitPage(Page[UnitRead]):
    """One page of units."""


class WorkingGroupMember(ApiModel):
    """A unit's part in a working group."""

    unit: Code = Field(examples=["st-bureau"])
    role: Literal["lead", "member"] = Field(default="member", examples=["lead"])


def _each_once(members: list[WorkingGroupMember]) -> list[WorkingGroupMember]:
    if len({member.unit for member in members}) != len(members):
        raise ValueError("a unit may be a member only once")
    return members


Members = Annotated[list[WorkingGroupMember], AfterValidator(_each_once)]


class WorkingGroupPut(PlanBody):
    programme: Code = Field(examples=["innovation-programme"])
    number: int = Field(ge=1, le=99, examples=[4])
    members: Members = Field(default=[], max_length=200)
    goals: list[Sentence] = Field(default=[], max_length=50)
    duties: list[Sentence] = Field(default=[], max_length=50)
    leaders: list[Text] = Field(default=[], max_length=20)


class WorkingGroupRead(WorkingGroupPut):
    code: Code = Field(examples=["group-4"])
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class WorkingGroupPage(Page[WorkingGroupRead]):
    """One page of working groups."""
