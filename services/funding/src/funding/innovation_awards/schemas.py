"""Innovation awards in requests and answers."""

from typing import Annotated

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, LongText, Text

from funding.innovation_awards.domain import NomineeKind
from funding.supports.schemas import SupportCreate, SupportRead

IdNumber = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+ -]{6,20}$")]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{8,32}$")]


class Nominee(ApiModel):
    """A person with an identity number, or a collective without one."""

    kind: NomineeKind = Field(examples=["person"])
    name: Annotated[Text, Field(min_length=2, max_length=60, examples=["某某"])]
    id_number: IdNumber | None = Field(
        default=None, description="18 characters, GB 11643.", examples=["11010519491231002X"]
    )
    phone: Phone | None = Field(default=None, examples=["0371-60000000"])
    bank_account: Account | None = Field(default=None, examples=["6200000000000000000"])


class InnovationAwardCreate(SupportCreate):
    """`payee_unit` is whom the money goes to: the collective's unit, or the person's employer."""

    grade: Code = Field(description="A grade of the year's rates.", examples=["first"])
    achievement: LongText = Field(examples=["甜菊糖提取工艺达到国内领先水平。"])
    nominee: Nominee


class MaskedNominee(ApiModel):
    """Name, numbers and account are masked for everybody; a collective keeps its name."""

    kind: NomineeKind = Field(examples=["person"])
    name: str = Field(examples=["某*"])
    id_number: str | None = Field(examples=["110*************2X"])
    phone: str | None = Field(examples=["037******0000"])
    bank_account: str | None = Field(examples=["***************0000"])


class ClearNominee(ApiModel):
    """In the clear: the audit trail says who has read it."""

    kind: NomineeKind = Field(examples=["person"])
    name: str = Field(examples=["某某"])
    id_number: str | None = Field(examples=["11010519491231002X"])
    phone: str | None = Field(examples=["0371-60000000"])
    bank_account: str | None = Field(examples=["6200000000000000000"])


class InnovationAwardRead(SupportRead):
    grade: str = Field(examples=["first"])
    achievement: str = Field(examples=["甜菊糖提取工艺达到国内领先水平。"])
    nominee: MaskedNominee


class InnovationAwardPage(Page[InnovationAwardRead]):
    pass
