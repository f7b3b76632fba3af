"""The table of the innovation awards."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from funding.applications.domain import masked_name, masked_phone
from funding.awards.domain import AwardKind
from funding.db import Base
from funding.innovation_awards.domain import NomineeKind, masked_account, masked_id_number
from funding.supports.models import LIVE, Support, support_rules

ONCE_A_YEAR = "uq_innovation_award_nominee"
PERSONAL = ("nominee_name", "nominee_key", "id_number", "phone", "bank_account")


class InnovationAward(Support, Base):
    """A nominee of a year, once. Whatever is shown or noted of the row is masked; it is read in the
    clear through `service.read_nominee` only."""

    __tablename__ = "innovation_award"
    __table_args__ = (
        *support_rules(),
        CheckConstraint("nominee_kind IN ('person', 'collective')", name="nominee_kind"),
        CheckConstraint("(nominee_kind = 'person') = (id_number IS NOT NULL)", name="id_number"),
        Index(ONCE_A_YEAR, "fiscal_year", "nominee_key", unique=True, postgresql_where=text(LIVE)),
    )
    kind = AwardKind.INNOVATION_AWARD

    grade: Mapped[str]
    achievement: Mapped[str]
    nominee_kind: Mapped[str]
    nominee_name: Mapped[str]
    nominee_key: Mapped[str]
    id_number: Mapped[str | None]
    phone: Mapped[str | None]
    bank_account: Mapped[str | None]

    @property
    def award_title(self) -> str:
        """Without the name: everybody who reads awards reads it."""
        return f"自主创新奖励 {self.grade}"

    @property
    def nominee(self) -> dict[str, str | None]:
        """As it is shown to everybody."""
        is_person = self.nominee_kind == NomineeKind.PERSON
        return {
            "kind": self.nominee_kind,
            "name": masked_name(self.nominee_name) if is_person else self.nominee_name,
            "id_number": self.id_number and masked_id_number(self.id_number),
            "phone": self.phone and masked_phone(self.phone),
            "bank_account": self.bank_account and masked_account(self.bank_account),
        }

    @property
    def clear_nominee(self) -> dict[str, str | None]:
        return {
            "kind": self.nominee_kind,
            "name": self.nominee_name,
            "id_number": self.id_number,
            "phone": self.phone,
            "bank_account": self.bank_account,
        }

    def snapshot(self) -> dict[str, Any]:
        """The row as it is noted: the nominee masked."""
        noted = super().snapshot()
        return {name: value for name, value in noted.items() if name not in PERSONAL} | {
            "nominee": self.nominee
        }
