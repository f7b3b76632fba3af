"""Bodies of units, the programme and the working groups."""

from collections.abc import Iterator, Sequence

from kechuang.plan.bodies.desired import Calendar, Json, head, words
from kechuang.plan.schema import Programme, Unit, WorkingGroup


def units_in_order(units: Sequence[Unit]) -> Iterator[Unit]:
    """Parents before children, otherwise as in the file. The units are free of loops."""
    waiting = {unit.code: unit for unit in units}

    def take(unit: Unit) -> Iterator[Unit]:
        del waiting[unit.code]
        if unit.parent in waiting:
            yield from take(waiting[unit.parent])
        yield unit

    for unit in units:
        if unit.code in waiting:
            yield from take(unit)


def unit_body(unit: Unit) -> dict[str, Json]:
    return head(unit) | {
        "kind": unit.kind,
        "parent": unit.parent,
        "aliases": list(unit.aliases),
        "active": unit.active,
    }


def programme_body(programme: Programme, calendar: Calendar) -> dict[str, Json]:
    return (
        head(programme)
        | words(programme.description, "description")
        | {
            "anchor_year": calendar.anchor_year,
            "starts_on": calendar.first_day(),
            "ends_on": calendar.last_day(),
            "lead_unit": programme.lead_unit,
            "office_unit": programme.office_unit,
            "inspection_cadence": programme.cadences.inspection,
            "meeting_cadence": programme.cadences.meeting,
            "bulletin_cadence": programme.cadences.bulletin,
            "standing_rules": [
                {"code": rule.code}
                | head(rule)
                | words(rule.text)
                | {"cadence": rule.cadence, "owner_unit": rule.owner_unit}
                for rule in programme.standing_rules
            ],
        }
    )


def working_group_body(group: WorkingGroup, calendar: Calendar) -> dict[str, Json]:
    return head(group, calendar) | {
        "number": group.number,
        "members": [{"unit": member.unit, "role": member.role} for member in group.members],
        "goals": [words(goal) for goal in group.goals],
        "duties": [words(duty) for duty in group.duties],
        "leaders": list(group.leaders),
    }
