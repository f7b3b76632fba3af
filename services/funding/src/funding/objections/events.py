"""Objection -> contract events. The reason stays with those who read the objection itself."""

from contracts.funding import ObjectionRaised, ObjectionSettled

from funding.objections.models import Objection


def objection_raised(row: Objection) -> ObjectionRaised:
    return ObjectionRaised(
        objection_id=row.id,
        notice_id=row.notice_id,
        call_id=row.call_id,
        application_id=row.application_id,
        objector_unit=row.objector_unit,
    )


def objection_settled(row: Objection) -> ObjectionSettled:
    return ObjectionSettled(
        objection_id=row.id,
        notice_id=row.notice_id,
        call_id=row.call_id,
        application_id=row.application_id,
        objector_unit=row.objector_unit,
        upheld=row.state == "upheld",
    )
