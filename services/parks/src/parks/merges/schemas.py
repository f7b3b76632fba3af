"""What is said to merge two records."""

from uuid import UUID

from pydantic import Field
from servicekit.types import ApiModel, LongText

from parks.enterprises.schemas import ENTERPRISE_ID


class EnterpriseMerge(ApiModel):
    """Which enterprise it is a duplicate of, and how one knows."""

    into_id: UUID = Field(description="The one that stays.", examples=[ENTERPRISE_ID])
    reason: LongText = Field(examples=["三证合一换发代码，系同一企业。"])
