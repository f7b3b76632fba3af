"""Forms as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WithJsonSchema
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, OfPeriod, Text, period_form

_PERIOD = r"20[0-9]{2}(-Q[1-4]|-(0[1-9]|1[0-2]))?"
ReturnPeriod = Annotated[
    str,
    StringConstraints(pattern=f"^{_PERIOD}$"),
    period_form(_PERIOD, "2026-07", "2026-Q3", "2026"),
    OfPeriod(),
    # Months were all there was: a client that knows their pattern alone sends what still is right.
    WithJsonSchema({"type": "string", "examples": ["2026-07", "2026-Q3", "2026"]}),
]
"""A month, a quarter or a year."""
Frequency = Literal["month", "quarter", "year"]
FilerClass = Literal["high_tech", "science_type", "ordinary"]


class ReturnFormField(ApiModel):
    """A number that a form asks for beyond the seven measures of every return."""

    code: Code = Field(examples=["exports"])
    name_zh: Text = Field(examples=["出口额"])
    name_en: Text = Field(examples=["exports"])
    unit: Text = Field(examples=["万元"])
    required: bool = Field(default=True, description="A return is not taken without it.")
    enterprise_classes: list[FilerClass] = Field(
        default=[], max_length=3, description="Required only of these; of all where it is empty."
    )


class ReturnFormFields(ApiModel):
    """What is asked, of whom, and from which period on."""

    code: Code = Field(examples=["enterprise-quarterly"])
    frequency: Frequency = Field(examples=["quarter"])
    applies_from: ReturnPeriod = Field(
        description="The first period this version asks for; returns of earlier ones, and those "
        "that are handed in already, keep the version they have.",
        examples=["2026-Q1"],
    )
    name_zh: Text = Field(examples=["企业经营季报"])
    name_en: Text = Field(examples=["Quarterly return"])
    enterprise_classes: list[FilerClass] = Field(
        default=[], max_length=3, description="Asks only these; all where it is empty."
    )
    above_scale: bool | None = Field(
        default=None, description="Asks only those above designated size, or only the others."
    )
    fields: list[ReturnFormField] = Field(default=[], max_length=50)
    document_no: Text | None = Field(default=None, examples=["新统〔2026〕5号"])
    active: bool = Field(default=True, description="False: from this period on it asks no more.")


class ReturnFormCreate(ReturnFormFields):
    """A new version of a form, or the first one of a new form."""

    due_workdays: int | None = Field(
        default=None,
        ge=0,
        le=120,
        description="Workdays after the period's end; without it 7 for a month, 10 for a quarter "
        "and 20 for a year.",
        examples=[10],
    )


class ReturnFormRead(ReturnFormFields):
    id: UUID = Field(examples=["0197a3d4-7c1e-7000-8000-000000000014"])
    number: int = Field(description="Counts the versions of the form.", examples=[1])
    due_workdays: int = Field(examples=[10])
    created_at: datetime
    updated_at: datetime


class ReturnFormPage(Page[ReturnFormRead]):
    """One page of forms."""
