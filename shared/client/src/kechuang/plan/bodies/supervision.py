"""Bodies of inspection plans, meeting series and recipient groups."""

from kechuang.plan.bodies.desired import Calendar, Json, head, words
from kechuang.plan.schema import InspectionPlan, MeetingSeries, RecipientGroup


def _recurring(entry: InspectionPlan | MeetingSeries, calendar: Calendar) -> dict[str, Json]:
    return head(entry, calendar) | {
        "cadence": entry.cadence,
        "months": list(entry.months),
        "days_of_month": list(entry.days_of_month),
        "starts_on": calendar.first_day(),
        "ends_on": calendar.last_day(),
    }


def inspection_body(entry: InspectionPlan, calendar: Calendar) -> dict[str, Json]:
    return _recurring(entry, calendar) | {
        "organiser_unit": entry.organiser_unit,
        "scope_units": list(entry.scope_units),
        "checklist": [{"code": item.code} | words(item.text) for item in entry.checklist],
    }


def meeting_body(entry: MeetingSeries, calendar: Calendar) -> dict[str, Json]:
    return _recurring(entry, calendar) | {
        "convener_unit": entry.convener_unit,
        "participant_units": list(entry.participant_units),
        "headings": [
            {"code": item.code, "name_zh": item.name.zh, "name_en": item.name.en}
            for item in entry.headings
        ],
    }


def recipients_body(entry: RecipientGroup, calendar: Calendar) -> dict[str, Json]:
    return head(entry, calendar) | {
        "kind": entry.kind,
        "delivery": entry.delivery,
        "members": [
            {"name_zh": item.name.zh, "name_en": item.name.en, "unit": item.unit}
            for item in entry.members
        ],
    }
