"""Patent subsidies in requests and answers."""

from typing import Literal

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Text

from funding.supports.schemas import SupportCreate, SupportRead

PatentType = Literal["invention", "utility_model", "design"]


class PatentSubsidyCreate(SupportCreate):
    """The type is said by the number, and by the type the rate."""

    patent_number: Text = Field(
        description="As on the certificate: the application number with its check character.",
        examples=["ZL202010123456.2"],
    )
    title: Text = Field(examples=["一种甜菊糖的提取方法"])


class PatentSubsidyRead(SupportRead, PatentSubsidyCreate):
    patent_type: PatentType = Field(examples=["invention"])


class PatentSubsidyPage(Page[PatentSubsidyRead]):
    pass
