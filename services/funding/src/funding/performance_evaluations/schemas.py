"""Evaluations in requests and answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Quantity, Text, absent

from funding.performance_evaluations.domain import (
    EvaluationDirection,
    EvaluationGrade,
    EvaluationState,
)


class EvaluationIndicator(ApiModel):
    """What was promised and what was reached, in the indicator's own unit; weights add to 100."""

    code: Code = Field(examples=["output"])
    name_zh: Text = Field(examples=["新增产值"])
    name_en: Text = Field(examples=["New output"])
    unit: Annotated[Text, Field(max_length=20, examples=["万元"])]
    weight: Annotated[Quantity, Field(gt=0, le=100, decimal_places=2, examples=["60"])]
    direction: EvaluationDirection = Field(examples=["at_least"])
    target: Annotated[Quantity, Field(gt=0, examples=["500"])]
    actual: Annotated[Quantity, Field(ge=0, examples=["450"])]


class EvaluatedIndicator(EvaluationIndicator):
    """`score` is the points it gave, of its weight."""

    score: Quantity = Field(examples=["54"])


Indicators = Annotated[list[EvaluationIndicator], Field(min_length=1, max_length=30)]


class PerformanceEvaluationUpdate(ApiModel):
    """Merge patch of a draft: absent keeps, `indicators` are all of them."""

    indicators: Indicators = Field(default_factory=absent)
    summary: LongText = Field(default_factory=absent, examples=["目标基本完成，产值略低于预期。"])


class PerformanceEvaluationCreate(ApiModel):
    award_id: UUID
    indicators: Indicators
    summary: LongText = Field(examples=["目标基本完成，产值略低于预期。"])


class PerformanceEvaluationRead(ApiModel):
    """`score` is the sum of the points, from 0 to 100. 90 and more are `excellent` (优), 80 `good`
    (良), 60 `fair` (中), less is `poor` (差)."""

    id: UUID
    award_id: UUID
    payee_unit: str = Field(examples=["maizier-sugar"])
    indicators: list[EvaluatedIndicator]
    score: Quantity = Field(examples=["94"])
    grade: EvaluationGrade = Field(examples=["excellent"])
    summary: str = Field(examples=["目标基本完成，产值略低于预期。"])
    state: EvaluationState = Field(examples=["published"])
    made_by: Actor
    published_by: str | None
    published_at: datetime | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class PerformanceEvaluationPage(Page[PerformanceEvaluationRead]):
    pass
