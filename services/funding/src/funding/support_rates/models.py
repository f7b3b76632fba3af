"""The table of the rates."""

from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN, Base


class SupportRate(Versioned, Base):
    """What a grade of a kind pays in a fiscal year, and the budget line it is paid from: an
    `amount`, yuan, or a `share`, percent, up to a `cap`, yuan."""

    __tablename__ = "support_rate"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('innovation_award', 'patent_subsidy', 'interest_subsidy', 'platform_grant')",
            name="kind",
        ),
        CheckConstraint("amount > 0 AND share > 0 AND share <= 100 AND cap > 0", name="positive"),
        CheckConstraint("(amount IS NULL) = (share IS NOT NULL AND cap IS NOT NULL)", name="what"),
        UniqueConstraint("kind", "grade", "fiscal_year"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    grade: Mapped[str]
    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"))
    fund_code: Mapped[str] = mapped_column(ForeignKey("fund.code"))
    line: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(YUAN)
    share: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    cap: Mapped[Decimal | None] = mapped_column(YUAN)
