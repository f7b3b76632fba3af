"""Tables of the API clients."""

from datetime import datetime

from servicekit.rows import Versioned
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gateway.db import Base


class ApiClient(Versioned, Base):
    """One registered client. Its roles, unit and scopes go into its tokens; how often it may call
    and from where is kept at the door. A use moves `last_used_at` and not the version."""

    __tablename__ = "api_client"

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    rate_limit: Mapped[str | None] = mapped_column(Text)
    allowed_networks: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )
    disabled: Mapped[bool] = mapped_column(default=False, server_default="false")
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    secrets: Mapped[list["ClientSecret"]] = relationship(
        order_by="ClientSecret.created_at", cascade="all, delete-orphan", lazy="selectin"
    )


class ClientSecret(Base):
    """A live secret's digest; the two slots are all a client can have."""

    __tablename__ = "client_secret"
    __table_args__ = (
        CheckConstraint("slot IN (1, 2)", name="slot"),
        CheckConstraint("octet_length(digest) = 32", name="digest"),
    )

    client_id: Mapped[str] = mapped_column(
        ForeignKey("api_client.client_id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    secret_id: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
