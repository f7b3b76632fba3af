"""What is said of milestones, as the API takes and gives it."""

from typing import Annotated

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import ApiModel, LongText
from targets.key_tasks.schemas import TaskMilestoneRead

Underway = Annotated[int, Field(ge=0, le=99)]
"""A whole percentage; 100 is for whoever confirms."""


class MilestoneProgress(ApiModel):
    percent_complete: Underway = Field(examples=[40])
    note: LongText | None = Field(default=None, examples=["实验室主体封顶"])


class MilestoneClaim(ApiModel):
    note: LongText = Field(examples=["6 月 28 日揭牌，批复文件见附件"])


class MilestoneReturn(ApiModel):
    reason: LongText = Field(examples=["缺少验收意见"])


class TaskMilestonePage(Page[TaskMilestoneRead]):
    """One page of milestones."""
