"""The table of the interest subsidies."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.awards.domain import AwardKind
from funding.db import YUAN, Base
from funding.supports.models import LIVE, Support, support_rules

OVERLAP = "ex_interest_subsidy_overlap"


class InterestSubsidy(Support, Base):
    """A share of the interest of one loan contract in one period, yuan and percent. The database
    lets no two periods of a contract overlap; `contract_key` is what contracts are compared by."""

    __tablename__ = "interest_subsidy"
    __table_args__ = (
        *support_rules(),
        CheckConstraint("day_count IN ('act_360', 'act_365')", name="day_count"),
        CheckConstraint("principal > 0 AND annual_rate > 0", name="loan"),
        CheckConstraint("ends_on > starts_on", name="period"),
        ExcludeConstraint(
            ("payee_unit", "="),
            ("contract_key", "="),
            (text("daterange(starts_on, ends_on)"), "&&"),
            name=OVERLAP,
            using="gist",
            where=text(LIVE),
        ),
    )
    kind = AwardKind.INTEREST_SUBSIDY

    lender: Mapped[str]
    loan_contract: Mapped[str]
    contract_key: Mapped[str]
    principal: Mapped[Decimal] = mapped_column(YUAN)
    annual_rate: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    day_count: Mapped[str]

    @property
    def award_title(self) -> str:
        return f"贷款贴息 {self.loan_contract} {self.starts_on} 至 {self.ends_on}"
