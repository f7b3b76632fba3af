"""The one place that asks what time it is."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "UTC+8")
"""China has one civil time and no summer time: a day is a due date by this clock."""


def now() -> datetime:
    """The moment, aware and in UTC."""
    return datetime.now(UTC)


def china_date(moment: datetime | None = None) -> date:
    """The civil date in China, of now unless a moment is given."""
    return (moment or now()).astimezone(CHINA).date()
