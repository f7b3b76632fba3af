"""Row → published event."""

from contracts.supervision import CalendarDaySet

from supervision.calendar.models import CalendarDay


def calendar_day_set(row: CalendarDay) -> CalendarDaySet:
    return CalendarDaySet(day=row.day, workday=row.workday, name=row.name)
