"""What every kind of support is asked and answers."""

from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, Code, Money, Text, Year

from funding.documents.schemas import DocumentRead


class SupportCreate(ApiModel):
    """The amount is not asked for: it comes of the rate of the year."""

    payee_unit: Code = Field(
        description="Code of the payee in the directory.", examples=["maizier-sugar"]
    )
    fiscal_year: Year = Field(examples=[2026])
    reason: Text = Field(examples=["符合办法第五条"])


class SupportRead(DocumentRead, SupportCreate):
    """`amount`, yuan, came of `formula` and `inputs`; approved, it is the award `award_id` and is
    paid as every award is."""

    fund_code: str = Field(examples=["ip-fund"])
    line: str = Field(examples=["patents"])
    amount: Money
    formula: str = Field(examples=["amount of the grade"])
    inputs: dict[str, str] = Field(examples=[{"grade": "invention", "amount": "8000.00"}])
    award_id: UUID | None
