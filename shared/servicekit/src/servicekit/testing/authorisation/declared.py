"""What a service's test declares: its resources and how an object of each is made."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from servicekit.testing.units import Units

Row = dict[str, Any]
"""An object as the API shows it."""
Make = Callable[[str, str | None], Awaitable[Row]]
"""`await make(state, unit)`: a new object in that state that belongs to that unit, or to none."""
Create = Callable[[str], Awaitable[Row]]
"""`await create(unit)`: a body, not used before, that makes an object of that unit."""
Sees = Callable[[Any, Row], bool]
"""`sees(answer, row)`: whether an answer that is no list tells of the object."""

UNIT = "matrix-unit"
"""The unit the objects belong to."""
TREE: Units = {
    "matrix-above": ("bureau", []),
    UNIT: ("bureau", ["matrix-above"]),
    "matrix-below": ("bureau", [UNIT]),
    "matrix-stranger": ("bureau", []),
}
"""Every unit of the matrix."""


class Standing(StrEnum):
    """How the caller's unit stands to the object's, in the document's words."""

    OWN = "own"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"
    NO_UNIT = "no unit"


CALLER_UNITS: Mapping[Standing, str | None] = {
    Standing.OWN: UNIT,
    Standing.CHILD: "matrix-above",
    Standing.PARENT: "matrix-below",
    Standing.OTHER: "matrix-stranger",
    Standing.NO_UNIT: None,
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object and the operations on it: those on `path` and everything below `one`."""

    path: str
    """Of the list, or of an operation that is about no single object."""
    one: str | None = None
    """Of one object; its last parameter is what the object is known by."""
    make: Make | None = None
    ways: Mapping[str, Make] = field(default_factory=dict)
    """Further ways an object can belong to a unit, by name."""
    unitless: bool = False
    """`make(state, None)` gives an object of no unit."""
    create: Create | None = None
    steps: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Step (the path's last segment, or `PATCH`) → the states it is possible from."""
    refusals: Collection[str] = ()
    """Codes that refuse a step for its state, besides `invalid_transition`."""
    states: Collection[str] | None = None
    """Only where the document does not tell them."""
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """Step or `PUT` → body, where the document's example (or the object itself) will not do."""
    queries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path → the query an operation cannot do without."""
    sees: Mapping[str, Sees] = field(default_factory=dict)
    """Path → how an answer that is no list tells of an object the caller may see."""
    steps_by: str = "-of-steps"
    """What is added to the name of who takes the steps; nothing where an object is somebody's own
    and `make` gives it to the matrix's `matrix-<role>`."""
    asked_only: bool = False
    """Whom a list lets in is tested, and not what it shows: more decides that than a relation."""
    key: str = "id"
    """The field of a list's row that names the object, if its path does not tell."""

    @property
    def known_by(self) -> str:
        """The field that names the object."""
        name = (self.one or "").rpartition("{")[2].rstrip("}")
        return name if name and not name.endswith("_id") else self.key


@dataclass(frozen=True, slots=True)
class Thing:
    """An object in a state. `way` is how it belongs to `unit`."""

    row: Row
    state: str = ""
    unit: str | None = UNIT
    way: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.state, self.way) if part) or "an object"
