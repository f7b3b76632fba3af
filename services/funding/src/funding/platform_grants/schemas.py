"""Platform grants in requests and answers."""

from typing import Annotated

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Code, Money, Text

from funding.supports.schemas import SupportCreate, SupportRead


class PlatformGrantCreate(SupportCreate):
    """A platform or equipment with what it costs and what of that the unit pays itself, yuan."""

    grade: Code = Field(
        description="A grade of the year's rates: what sort of platform or equipment it is.",
        examples=["key-laboratory"],
    )
    title: Annotated[Text, Field(max_length=150, examples=["甜菊糖中试基地高效液相色谱系统"])]
    cost: Annotated[Money, Field(gt=0, examples=["1200000.00"])]
    own_funds: Annotated[Money, Field(ge=0, examples=["800000.00"])]


class PlatformGrantRead(SupportRead, PlatformGrantCreate):
    pass


class PlatformGrantPage(Page[PlatformGrantRead]):
    pass
