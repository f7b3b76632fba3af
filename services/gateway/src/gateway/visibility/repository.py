"""The units around one unit."""

from servicekit.db import Session

_AROUND = """
WITH RECURSIVE below AS (
    SELECT $1::text AS code
    UNION
    SELECT u.code FROM unit_node u JOIN below b ON b.code = ANY(u.parents)
), above AS (
    SELECT $1::text AS code
    UNION
    SELECT p FROM above a JOIN unit_node u ON u.code = a.code, unnest(u.parents) AS p
) SELECT ARRAY(SELECT code FROM below) AS below, ARRAY(SELECT code FROM above) AS above
"""


async def around(session: Session, unit: str) -> tuple[frozenset[str], frozenset[str]]:
    """The units below and those above, the unit itself in both."""
    row = await session.fetch_row(_AROUND, unit)
    assert row is not None
    return frozenset(row["below"]), frozenset(row["above"])
