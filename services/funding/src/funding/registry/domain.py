"""What is known of an applicant, on one day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """A recognition and the days it is valid on, both included."""

    kind: str
    number: str
    valid_from: date
    valid_to: date

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Registered:
    """An enterprise as the registry has it."""

    uscc: str
    name: str
    enterprise_class: str
    park_code: str | None
    active: bool
    recognitions: tuple[Held, ...] = ()
