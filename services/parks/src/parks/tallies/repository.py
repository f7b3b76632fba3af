"""SQL of the sums."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from servicekit.clock import now
from servicekit.db import Session
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from parks.db import TOTAL
from parks.returns.domain import MEASURES
from parks.tallies.domain import Accepted, Change

_ACCEPTED = f"""SELECT r.id, r.period, r.park_code, r.enterprise_class, r.extra::text,
   p.programme IS NOT NULL AS in_programme, {", ".join(f"r.{name}" for name in MEASURES)}, (
     SELECT jsonb_object_agg(c.measure, c.amount::text)::text FROM return_count c
     WHERE c.return_id = r.id) AS counted
 FROM operating_return r LEFT JOIN park p ON p.code = r.park_code
 WHERE r.enterprise_id = $1 AND r.state = 'accepted' AND starts_with(r.period, $2)"""  # noqa: S608, names of columns

_KEEP = text(
    """INSERT INTO return_count (return_id, measure, amount)
 SELECT * FROM unnest(:ids, :measures, :amounts)
 ON CONFLICT (return_id, measure) DO UPDATE SET amount = excluded.amount"""
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("measures", type_=ARRAY(Text)),
    bindparam("amounts", type_=ARRAY(TOTAL)),
)

_ADD = text(
    """INSERT INTO measure_total AS t
   (period, park_code, enterprise_class, measure, amount, returns, updated_at)
 SELECT period, park_code, enterprise_class, measure, amount, returns, :now
 FROM unnest(:periods, :parks, :classes, :measures, :amounts, CAST(:returns AS bigint[]))
   AS c (period, park_code, enterprise_class, measure, amount, returns)
 ON CONFLICT (period, park_code, enterprise_class, measure) DO UPDATE
 SET amount = t.amount + excluded.amount, returns = t.returns + excluded.returns,
   updated_at = excluded.updated_at"""
).bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("periods", "parks", "classes", "measures")),
    bindparam("amounts", type_=ARRAY(TOTAL)),
)


async def accepted_of(session: Session, enterprise_id: UUID, year: str) -> list[Accepted]:
    """The accepted returns of an enterprise's year, with what of them is in the sums."""
    return [accepted(row) for row in await session.fetch(_ACCEPTED, enterprise_id, year)]


def numbers(json: str | None) -> dict[str, Decimal]:
    """Numbers by name, as JSON keeps them."""
    return {name: Decimal(value) for name, value in orjson.loads(json or "{}").items()}


def accepted(row: Any) -> Accepted:
    return Accepted(
        id=row["id"],
        period=row["period"],
        park_code=row["park_code"],
        enterprise_class=row["enterprise_class"],
        in_programme=row["in_programme"],
        numbers={name: Decimal(row[name]) for name in MEASURES} | numbers(row["extra"]),
        counted=numbers(row["counted"]),
    )


async def apply(session: Session, changes: Sequence[Change]) -> None:
    """Bring the sums to what they have to be; the year's lock is held."""
    kept = [(c.of.id, name, c.total.get(name, Decimal(0))) for c in changes for name in c.more]
    ids, measures, amounts = zip(*kept, strict=True)
    values = {"ids": list(ids), "measures": list(measures), "amounts": list(amounts)}
    await session.execute(_KEEP, values)
    await session.execute(_ADD, columns(changes) | {"now": now()})


def columns(changes: Iterable[Change]) -> dict[str, list[Any]]:
    """The changes of the sums as columns, those of one sum together."""
    sums: dict[tuple[str, str, str, str], list[Any]] = {}
    for change in changes:
        one = change.of
        for name, amount in change.more.items():
            key = (one.period, one.park_code or "", one.enterprise_class, name)
            total = sums.setdefault(key, [Decimal(0), 0])
            total[0] += amount
            total[1] += name not in one.counted
    periods, parks, classes, measures = zip(*sums, strict=True)
    return {
        "periods": list(periods),
        "parks": list(parks),
        "classes": list(classes),
        "measures": list(measures),
        "amounts": [amount for amount, _ in sums.values()],
        "returns": [number for _, number in sums.values()],
    }
