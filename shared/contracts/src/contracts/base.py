"""What every published event is: a frozen pydantic model that knows its type and its subject.

Quantities and money travel as decimal strings with an explicit unit, periods as `2026`,
`2026-Q3`, `2026-07` or `2026-07-H1`, dates as ISO 8601. Within a version only optional fields
are added; anything else is a `.v2` beside `.v1`.
"""

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, PlainSerializer

Amount = Annotated[
    Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")
]
"""An exact decimal; a string in JSON, so no consumer rounds it through a float."""


class Event(BaseModel):
    """One fact that has happened. `type` is also its NATS subject."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    subject_field: ClassVar[str]
    """The field that holds the aggregate's id: events of one aggregate are applied in order."""
    permission: ClassVar[str]
    """The permission one needs to read what the event tells, such as `progress_reports.read`."""
    unit_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that hold the units the event concerns, one each or a list: the caller's relation
    to any one of them is enough. Without one the event is seen by those who may read beyond their
    own units."""

    @property
    def subject(self) -> str:
        """The aggregate's id, qualified because a unit and an indicator may share a code:
        `indicator:six-parks-sales`."""
        aggregate = self.type.split(".")[2]
        return f"{aggregate}:{getattr(self, self.subject_field)}"


def publisher_of(event_type: str) -> str:
    """`kechuang.targets.unit.changed.v1` -> `targets`."""
    return event_type.split(".")[1]
