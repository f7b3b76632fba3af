"""The table of the patent subsidies."""

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from funding.awards.domain import AwardKind
from funding.db import Base
from funding.supports.models import LIVE, Support, support_rules

ONCE = "uq_patent_subsidy_number"


class PatentSubsidy(Support, Base):
    """A subsidy for one patent; the database lets each number be paid once."""

    __tablename__ = "patent_subsidy"
    __table_args__ = (
        *support_rules(),
        CheckConstraint("patent_type IN ('invention', 'utility_model', 'design')", name="type"),
        Index(ONCE, "patent_number", unique=True, postgresql_where=text(LIVE)),
    )
    kind = AwardKind.PATENT_SUBSIDY

    patent_number: Mapped[str]
    patent_type: Mapped[str]
    title: Mapped[str]

    @property
    def award_title(self) -> str:
        return f"专利资助 {self.patent_number}"
