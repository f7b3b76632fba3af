"""Tables of the copy of the park registry."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class RegisteredEnterprise(Base):
    """An enterprise of the register. `unit_code` is its place in the directory, if it has one."""

    __tablename__ = "registered_enterprise"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    uscc: Mapped[str]
    name: Mapped[str]
    unit_code: Mapped[str | None] = mapped_column(index=True)
    park_code: Mapped[str | None]
    enterprise_class: Mapped[str]
    active: Mapped[bool]


class RegisteredRecognition(Base):
    """A recognition, valid from its first to its last day, both included. It may be told before
    its enterprise is: the two are different aggregates."""

    __tablename__ = "registered_recognition"

    recognition_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    number: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
