"""The table of what is referred to."""

from sqlalchemy import Boolean, Text
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class Reference(Base):
    """A park, an enterprise (by its USCC), an indicator, a fund or a fiscal rule, as its service
    told it last; `name` is the Chinese one."""

    __tablename__ = "reference"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
