"""Interest subsidies in requests and answers."""

from typing import Annotated

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Day, Money, Quantity, Text

from funding.interest_subsidies.domain import DayCount
from funding.supports.schemas import SupportCreate, SupportRead

Percent = Annotated[Quantity, Field(gt=0, le=100, decimal_places=6, examples=["4.35"])]


class InterestSubsidyCreate(SupportCreate):
    """Interest runs from `starts_on`, included, to `ends_on`, which is not; `annual_rate` is in
    percent, `principal` in yuan."""

    lender: Text = Field(examples=["中国银行新郑支行"])
    loan_contract: Annotated[Text, Field(max_length=100, examples=["2026年郑中银借字第018号"])]
    principal: Annotated[Money, Field(gt=0, examples=["5000000.00"])]
    annual_rate: Percent
    starts_on: Day = Field(examples=["2026-01-01"])
    ends_on: Day = Field(examples=["2026-07-01"])
    day_count: DayCount = Field(default=DayCount.ACT_360, examples=["act_360"])


class InterestSubsidyRead(SupportRead, InterestSubsidyCreate):
    pass


class InterestSubsidyPage(Page[InterestSubsidyRead]):
    pass
