"""Row → published event."""

from datetime import date

from contracts.supervision import (
    ItemClosed,
    ItemDeadlineChanged,
    ItemOpened,
    ItemOverdue,
    ItemTransferred,
)

from supervision.items.models import SupervisionItem


def item_opened(item: SupervisionItem) -> ItemOpened:
    return ItemOpened.model_validate(
        {
            "item_id": item.id,
            "number": item.number,
            "title": item.title,
            "origin": item.origin,
            "origin_ref": item.origin_ref,
            "responsible_unit": item.responsible_unit,
            "due_on": item.due_on,
            "holds_payments": item.holds_payments,
        }
    )


def item_overdue(item: SupervisionItem) -> ItemOverdue:
    return ItemOverdue(
        item_id=item.id,
        number=item.number,
        responsible_unit=item.responsible_unit,
        due_on=item.due_on,
    )


def item_closed(item: SupervisionItem) -> ItemClosed:
    """Also for a cancelled item: `outcome` tells the two apart."""
    return ItemClosed.model_validate(
        {
            "item_id": item.id,
            "number": item.number,
            "origin": item.origin,
            "origin_ref": item.origin_ref,
            "responsible_unit": item.responsible_unit,
            "outcome": item.status,
            "closed_at": item.closed_at,
        }
    )


def item_transferred(item: SupervisionItem, from_unit: str) -> ItemTransferred:
    return ItemTransferred(
        item_id=item.id,
        number=item.number,
        title=item.title,
        from_unit=from_unit,
        responsible_unit=item.responsible_unit,
        due_on=item.due_on,
        holds_payments=item.holds_payments,
    )


def item_deadline_changed(item: SupervisionItem, before: date, cause: str) -> ItemDeadlineChanged:
    return ItemDeadlineChanged.model_validate(
        {
            "item_id": item.id,
            "number": item.number,
            "responsible_unit": item.responsible_unit,
            "due_before": before,
            "due_on": item.due_on,
            "cause": cause,
        }
    )
