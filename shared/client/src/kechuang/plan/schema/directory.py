"""The directory: every body the plan names, and the six working groups."""

from typing import Annotated, Literal

from pydantic import Field

from kechuang.plan.schema.common import Code, Entry, Name, Strict, Text

UnitKind = Literal[
    "superior_city",
    "leading_group",
    "headquarters",
    "programme_office",
    "working_group",
    "bureau",
    "town",
    "subdistrict",
    "park_administration",
    "service_centre",
    "association",
    "enterprise",
    "collective",
]


class Unit(Entry):
    """A body of the directory.

    `collective` is a set the plan names without listing it, such as "enterprises concerned".
    """

    kind: UnitKind
    parent: Code | None = None
    aliases: tuple[Name, ...] = ()
    active: bool = True


class Member(Strict):
    unit: Code
    role: Literal["lead", "member"] = "member"


class WorkingGroup(Entry):
    """A working group; its code is also that of a unit of kind `working_group`.

    `leaders` holds names of people: blank in the plan, so empty until the office fills them in.
    """

    number: Annotated[int, Field(ge=1, le=6)]
    members: Annotated[tuple[Member, ...], Field(min_length=1)]
    goals: tuple[Text, ...]
    duties: tuple[Text, ...]
    leaders: tuple[Name, ...] = ()
