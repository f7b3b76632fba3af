"""The table of the platform grants."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from funding.awards.domain import AwardKind
from funding.db import YUAN, Base
from funding.supports.models import LIVE, Support, support_rules

ONCE = "uq_platform_grant_item"


class PlatformGrant(Support, Base):
    """A grant for one platform or piece of equipment of a unit, once; yuan."""

    __tablename__ = "platform_grant"
    __table_args__ = (
        *support_rules(),
        CheckConstraint("cost > 0 AND own_funds >= 0", name="cost"),
        CheckConstraint("amount + own_funds <= cost", name="not_above_cost"),
        Index(ONCE, "payee_unit", "item_key", unique=True, postgresql_where=text(LIVE)),
    )
    kind = AwardKind.PLATFORM_GRANT

    grade: Mapped[str]
    title: Mapped[str]
    item_key: Mapped[str]
    cost: Mapped[Decimal] = mapped_column(YUAN)
    own_funds: Mapped[Decimal] = mapped_column(YUAN)

    @property
    def award_title(self) -> str:
        return f"科技创新基础条件 {self.title}"
