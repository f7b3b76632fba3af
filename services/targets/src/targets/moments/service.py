"""Which day and which moment an answer is of."""

from datetime import date, datetime

from servicekit.clock import now
from servicekit.db import Session
from targets.moments import domain
from targets.moments.domain import Then
from targets.programmes import repository as programmes


async def gone_by(session: Session, as_of: date | None, known_at: datetime | None) -> Then | None:
    """The day and the moment asked for; none for an answer of now.

    Raises:
        Unprocessable: see `domain.check`.
    """
    if as_of is None and known_at is None:
        return None
    moment = now()
    first_day, first_known = await programmes.beginning(session)
    domain.check(as_of, known_at, now=moment, first_day=first_day, first_known=first_known)
    return domain.then(as_of, known_at, moment)
