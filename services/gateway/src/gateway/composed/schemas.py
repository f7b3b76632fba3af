"""The shapes of what is composed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.http.platform import AuditEntryRead, ParkedEventRead
from servicekit.jobs.schemas import JobRead
from servicekit.types import ApiModel, Code

Missing = Annotated[
    dict[str, str], Field(description="The services that did not answer, each with an error code.")
]


class ServiceAuditEntryRead(AuditEntryRead):
    """An entry of the audit trail and the service that wrote it."""

    service: str = Field(examples=["targets"])


class AuditEntryPage(Page[ServiceAuditEntryRead]):
    missing: Missing


class ServiceParkedEventRead(ParkedEventRead):
    """A parked event and the service that could not apply it."""

    service: str = Field(examples=["targets"])


class ParkedEventPage(Page[ServiceParkedEventRead]):
    missing: Missing


class ServiceJobRead(JobRead):
    """A job and the service that does it."""

    service: str = Field(examples=["parks"])


class ServiceJobPage(Page[ServiceJobRead]):
    missing: Missing


class ParkedReplayCreate(ApiModel):
    """The service whose parked events are tried again; all that wait unless some are named."""

    service: Code = Field(examples=["targets"])
    event_ids: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None
