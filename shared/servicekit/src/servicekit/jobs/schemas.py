"""Jobs as the API gives them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from servicekit.http.paging import Page
from servicekit.jobs.job import JobState
from servicekit.types import Actor, ApiModel

JobId = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4,12}){4}$")]


class JobFailure(ApiModel):
    """Why the job failed."""

    code: str = Field(examples=["import_refused"])
    message_zh: str = Field(examples=["有行未被接受，因此全部未保存"])
    message_en: str = Field(examples=["Some rows were refused, so nothing was stored"])


class JobRead(ApiModel):
    """A job: what was asked for, how far it is and what became of it."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: str = Field(examples=["parks-0197a3d4-7c1e-7000-8000-000000000001"])
    kind: str = Field(examples=["enterprises.import"])
    state: JobState = Field(examples=["running"])
    created_by: Actor
    unit: str | None = Field(description="The unit of whoever asked.", examples=["gangqu-admin"])
    parameters: dict[str, Any] = Field(examples=[{"mode": "atomic", "dry_run": False}])
    total: int | None = Field(description="Rows in all, once known.", examples=[1200])
    done: int = Field(description="Rows dealt with, the refused ones included.", examples=[400])
    refused: int = Field(description="Rows that were not accepted.", examples=[2])
    errors: int = Field(description="Wrong places; `/errors` lists them.", examples=[3])
    failure: JobFailure | None = None
    input_name: str | None = Field(examples=["企业名单.xlsx"])
    result_name: str | None = Field(
        description="Of the file that `/result` gives, if there is one.",
        examples=["企业名单-错误.xlsx"],
    )
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime


class JobPage(Page[JobRead]):
    """One page of jobs."""


class JobErrorRead(ApiModel):
    """One wrong place in the file, as a spreadsheet names it and as a single request would."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    number: int = Field(examples=[0])
    sheet: str | None = Field(examples=["企业"])
    row: int | None = Field(description="Of the sheet; the heads are row 1.", examples=[17])
    head: str | None = Field(examples=["统一社会信用代码"])
    cell: str | None = Field(examples=["C17"])
    field: str | None = Field(examples=["uscc"])
    code: str = Field(examples=["invalid_uscc"])
    message_zh: str = Field(examples=["统一社会信用代码无效"])
    message_en: str = Field(examples=["Not a valid Unified Social Credit Code"])
    updated_at: datetime = Field(description="When the job last changed.")


class JobErrorPage(Page[JobErrorRead]):
    """One page of a job's errors."""
