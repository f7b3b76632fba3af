"""Bodies of what is settled before a meeting and corrected after it."""

from typing import Annotated

from pydantic import Field
from servicekit.types import ApiModel, LongText, Text, absent

from supervision.meetings.schemas import Attendances


class MeetingUpdate(ApiModel):
    """Place and topics before the meeting; minutes and attendance after it. What is left out
    stays, null clears."""

    place: Text | None = Field(default_factory=absent, examples=["市政府第二会议室"])
    topics: Annotated[list[Text], Field(max_length=50)] = Field(
        default_factory=absent, examples=[["研究落后指标"]]
    )
    minutes: LongText | None = Field(default_factory=absent, examples=["听取六个项目组汇报。"])
    attendance: Attendances = Field(default_factory=absent)
