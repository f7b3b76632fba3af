"""A dossier as the API gives it."""

from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, Day, Money

from parks.achievements.schemas import AchievementRead
from parks.enterprises.schemas import EnterpriseRead
from parks.platforms.schemas import PlatformRead
from parks.rd_projects.schemas import RdProjectRead
from parks.recognitions.schemas import RecognitionRead
from parks.returns.schemas import OperatingReturnRead
from parks.standings.schemas import StandingRead
from parks.technology_contracts.schemas import TechnologyContractRead

SOURCE = "0197a3d4-7c1e-7000-8000-000000000009"


class DossierAward(ApiModel):
    """Money promised, as funding told it; yuan."""

    award_id: UUID = Field(examples=[SOURCE])
    title: str | None = Field(examples=["食品加工关键技术转化"])
    fund_code: str | None = Field(examples=["transfer-fund"])
    amount: Money
    granted_on: Day = Field(examples=["2026-05-20"])


class DossierPayment(ApiModel):
    """Money paid, as funding told it; yuan."""

    disbursement_id: UUID = Field(examples=[SOURCE])
    fund_code: str | None = Field(examples=["transfer-fund"])
    amount: Money
    paid_on: Day = Field(examples=["2026-06-20"])


class DossierRefund(ApiModel):
    """Money given back, as funding told it; yuan."""

    refund_id: UUID = Field(examples=[SOURCE])
    fund_code: str | None = Field(examples=["transfer-fund"])
    amount: Money
    received_on: Day = Field(examples=["2026-09-02"])


class DossierRectification(ApiModel):
    """A supervision item that is open."""

    item_id: UUID = Field(examples=[SOURCE])
    title: str | None = Field(examples=["督〔2026〕7号 研发投入不足"])
    due_on: Day = Field(examples=["2026-08-31"])


class EnterpriseDossier(ApiModel):
    """Everything known of one enterprise: of its own the latest hundred of each kind and the last
    twelve returns; what funding and supervision told of its unit, with the sums."""

    enterprise: EnterpriseRead
    standings: list[StandingRead]
    recognitions: list[RecognitionRead]
    platforms: list[PlatformRead]
    projects: list[RdProjectRead]
    contracts: list[TechnologyContractRead]
    achievements: list[AchievementRead]
    returns: list[OperatingReturnRead]
    awards: list[DossierAward]
    payments: list[DossierPayment]
    refunds: list[DossierRefund]
    open_rectifications: list[DossierRectification]
    awarded: Money = Field(description="Of all awards; yuan.")
    paid: Money = Field(description="Of all payments; yuan.")
    refunded: Money = Field(description="Of all refunds; yuan.")
