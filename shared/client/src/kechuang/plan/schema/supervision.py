"""Inspections, meetings and the recipients of bulletins."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import (
    Code,
    DayOfMonth,
    Entry,
    Month,
    NamePair,
    Strict,
    Text,
)


class Occurrences(Entry):
    """Something that recurs: each month of `months` on each of `days_of_month`.

    A day past the end of a month is its last day; a day off moves to the next workday.
    """

    months: Annotated[tuple[Month, ...], Field(min_length=1, max_length=12)]
    days_of_month: Annotated[tuple[DayOfMonth, ...], Field(min_length=1, max_length=4)]


class ChecklistItem(Strict):
    code: Code
    text: Text


class InspectionPlan(Occurrences):
    cadence: Literal["monthly"]
    organiser_unit: Code
    scope_units: Annotated[tuple[Code, ...], Field(min_length=1)]
    checklist: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


class Heading(Strict):
    code: Literal["progress", "results", "good_practice", "problems", "proposals"]
    name: NamePair


class MeetingSeries(Occurrences):
    cadence: Literal["half_monthly", "monthly", "quarterly", "half_yearly", "yearly"]
    convener_unit: Code
    participant_units: Annotated[tuple[Code, ...], Field(min_length=1)]
    headings: tuple[Heading, ...] = ()


class Recipient(Strict):
    name: NamePair
    unit: Code | None = None


class RecipientGroup(Entry):
    kind: Literal["superior_city", "leading_bodies", "units"]
    delivery: Literal["main", "copy"]
    members: Annotated[tuple[Recipient, ...], Field(min_length=1)]
