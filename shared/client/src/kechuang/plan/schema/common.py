"""What every entry of a plan file has: a code, names in two languages and its place in the plan."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]

# The plan prints every year as "20xx": Y1 is the anchor year given when the plan is loaded.
Year = Literal["Y1", "Y2", "Y3"]
BaselineYear = Literal["Y0"]

Month = Annotated[int, Field(ge=1, le=12)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class Strict(BaseModel):
    """A part of the file: fields nobody knows are refused, so a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A sentence in both languages."""

    zh: Words
    en: Words


class NamePair(Strict):
    zh: Name
    en: Name


class Source(Strict):
    """Where the plan says it: the section as numbered in the plan, and the item inside it."""

    section: Annotated[
        str, Field(pattern=r"^(一|二(\([一二三四五六七八]\))?|三(\([一二三四五六]\))?|四)$")
    ]
    item: Annotated[str, Field(max_length=60)] | None = None

    @property
    def ref(self) -> str:
        """The place in one word, as `二(七)` or `二(七) 第三项`."""
        return self.section if self.item is None else f"{self.section} {self.item}"


class Entry(Strict):
    """Something with a stable code that the public API keeps under that code."""

    code: Code
    name: NamePair
    source: Source
