"""Bank accounts of payees in requests and answers."""

from typing import Annotated

from pydantic import Field, StringConstraints
from servicekit.http.paging import Page
from servicekit.types import ApiModel, Code, Text

from funding.documents.schemas import DocumentRead

AccountNumber = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{6,32}$"), Field(examples=["1702021409000012345"])
]
BankCode = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{12}$"), Field(examples=["102510000017"])
]


class PayeeAccountCreate(ApiModel):
    """A draft: where a unit is to be paid to from now on."""

    payee_unit: Code = Field(examples=["maizier-sugar"])
    account_name: Text = Field(examples=["麦滋尔糖业有限公司"])
    account_number: AccountNumber
    bank_name: Text = Field(examples=["中国工商银行周口分行"])
    bank_code: BankCode | None = Field(
        default=None, description="The bank's number in the payment system, 12 digits."
    )
    reason: Text = Field(examples=["开户许可证核对一致"])


class PayeeAccountRead(DocumentRead):
    """The account approved last is the one that is paid to. `account_number` is masked but for the
    finance roles, auditors and the payee itself."""

    payee_unit: str = Field(examples=["maizier-sugar"])
    account_name: str = Field(examples=["麦滋尔糖业有限公司"])
    account_number: str = Field(examples=["***************2345"])
    bank_name: str = Field(examples=["中国工商银行周口分行"])
    bank_code: str | None = Field(examples=["102510000017"])
    reason: str = Field(examples=["开户许可证核对一致"])


class PayeeAccountPage(Page[PayeeAccountRead]):
    pass
