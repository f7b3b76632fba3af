"""The two parameters of an answer of a day gone by."""

from typing import Annotated

from fastapi import Query
from servicekit.types import Day, Moment

AsOf = Annotated[
    Day | None,
    Query(
        description="As of the end of this day: the targets that held, the periods that were over. "
        "Without it, of the day of `known_at`; without both, of now."
    ),
]
KnownAt = Annotated[
    Moment | None,
    Query(
        description="As was known at this moment, before later reports, corrections and revisions. "
        "Without it, as is known now."
    ),
]
