"""The six parks and the grade each is to obtain."""

from typing import Literal

from kechuang.plan.schema.common import Code, Entry, Name, Text, Year
from kechuang.plan.schema.indicators import Grade


class Park(Entry):
    """A park. `jurisdictions` lists only units that are certain; a park may have several."""

    aliases: tuple[Name, ...] = ()
    kind: Literal["private_st_park", "circular_economy_park"]
    desired_grade: Grade
    desired_by: Year = "Y3"
    jurisdictions: tuple[Code, ...] = ()
    administration_unit: Code | None = None
    focus: Text
    open_conflict: Code | None = None
