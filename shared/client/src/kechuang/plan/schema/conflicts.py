"""Places where the plan contradicts itself or leaves out what it needs."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import Code, Entry, Source, Strict, Text

SubjectKind = Literal["indicator", "park", "key_task", "working_group", "funding_rule", "programme"]


class Subject(Strict):
    kind: SubjectKind
    code: Code | None = None


class Position(Strict):
    """One reading, with the place that supports it."""

    code: Code
    text: Text
    source: Source


class Conflict(Entry):
    """An open question for the programme office.

    `working_reading` is what the system does until it is ruled on; it decides nothing.
    """

    kind: Literal["contradiction", "unstated"]
    subject: Subject
    positions: Annotated[tuple[Position, ...], Field(min_length=1)]
    working_reading: Text
