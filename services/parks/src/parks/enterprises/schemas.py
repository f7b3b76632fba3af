"""Enterprises as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text, absent

DeclaredClass = Literal["science_type", "ordinary"]
EnterpriseClass = Literal["high_tech", "science_type", "ordinary"]
Uscc = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]*$"),
    Field(
        description="Unified Social Credit Code (GB 32100); full-width and lower-case forms, "
        "blanks and hyphens are mended.",
        examples=["91410184MA44XQ1R01"],
    ),
]


Industry = Annotated[
    str,
    StringConstraints(min_length=1, max_length=16, pattern=r"^[^\x00]*$"),
    Field(description="Section, division, group or class of GB/T 4754-2017.", examples=["C1340"]),
]
ENTERPRISE_ID = "0197a3d4-7c1e-7000-8000-000000000002"


class OfEnterprise(ApiModel):
    enterprise_id: UUID = Field(examples=[ENTERPRISE_ID])


class NamesEnterprise(ApiModel):
    """The enterprise by its id or by its code: one of them, or both of the same."""

    enterprise_id: UUID | None = Field(
        default=None, description="Or `uscc` in its place.", examples=[ENTERPRISE_ID]
    )
    uscc: Uscc | None = None


class EnterpriseFields(ApiModel):
    """What can be said of an enterprise when it is registered."""

    name: Text = Field(examples=["麦滋尔糖业有限公司"])
    aliases: list[Text] = Field(default=[], max_length=50, examples=[["麦滋尔糖业"]])
    unit_code: Code | None = Field(
        default=None,
        description="Its unit in the directory; who acts for that unit files its returns.",
        examples=["maizier-sugar"],
    )
    park_code: Code | None = Field(default=None, examples=["gangqu"])
    declared_class: DeclaredClass = Field(
        default="ordinary",
        description="Its class without recognitions. High-tech takes a recognition.",
        examples=["ordinary"],
    )
    above_scale: bool = Field(default=False, description="Above designated size (规模以上).")
    active: bool = True
    industry: Industry | None = None


class EnterpriseCreate(EnterpriseFields):
    uscc: Uscc
    namesake: bool = Field(
        default=False, description="It is another enterprise than that which has this name already."
    )


class EnterpriseUpdate(ApiModel):
    """A merge patch: what is absent stays, null clears where a value may be missing."""

    name: Text = Field(default_factory=absent, examples=["麦滋尔糖业有限公司"])
    aliases: list[Text] = Field(default_factory=absent, max_length=50, examples=[["麦滋尔糖业"]])
    unit_code: Code | None = Field(default=None, examples=["maizier-sugar"])
    park_code: Code | None = Field(default=None, examples=["gangqu"])
    declared_class: DeclaredClass = Field(default_factory=absent, examples=["science_type"])
    above_scale: bool = Field(default_factory=absent, examples=[True])
    active: bool = Field(default_factory=absent, examples=[False])
    industry: Industry | None = None
    namesake: bool = Field(
        default=False, description="It is another enterprise than that which has this name already."
    )


class EnterpriseRead(EnterpriseFields):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000002"])
    uscc: str = Field(examples=["91410184MA44XQ1R01"])
    enterprise_class: EnterpriseClass = Field(
        description="The class it counts in today, valid recognitions included.",
        examples=["high_tech"],
    )
    merged_into: UUID | None = Field(
        default=None, description="The enterprise this was a duplicate of.", examples=[None]
    )
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class EnterprisePage(Page[EnterpriseRead]):
    """One page of enterprises."""
