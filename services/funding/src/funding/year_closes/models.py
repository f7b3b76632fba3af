"""The closes of fiscal years."""

from decimal import Decimal

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import YUAN_TOTAL, Base
from funding.documents.models import Document, document_rules


class YearClose(Document, Base):
    """The document that ends a year's books; its totals are known once it is approved, yuan."""

    __tablename__ = "year_close"
    __table_args__ = (
        *document_rules(),
        Index(
            "uq_year_close_fiscal_year",
            "fiscal_year",
            unique=True,
            postgresql_where=text("state IN ('draft', 'approved')"),
        ),
    )

    fiscal_year: Mapped[int] = mapped_column(ForeignKey("fiscal_year.year"))
    document_no: Mapped[str]
    carried_over: Mapped[Decimal | None] = mapped_column(YUAN_TOTAL)
    lapsed: Mapped[Decimal | None] = mapped_column(YUAN_TOTAL)
