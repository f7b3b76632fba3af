"""The rules of an item."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servicekit.problems import InvalidTransition
from supervision.items.domain import (
    OPEN,
    Action,
    ItemStatus,
    VerifierIsDoer,
    is_late,
    next_status,
    refuse_doer,
)


def test_the_straight_way_leads_from_issued_to_closed() -> None:
    status = ItemStatus.ISSUED
    for action in (Action.ACKNOWLEDGE, Action.START, Action.SUBMIT, Action.VERIFY, Action.CLOSE):
        status = next_status(action, status)
    assert status is ItemStatus.CLOSED


@given(st.lists(st.sampled_from(list(Action)), max_size=30))
def test_whatever_is_tried_a_closed_item_was_submitted_and_verified(tried: list[Action]) -> None:
    status, done = ItemStatus.ISSUED, []
    for action in tried:
        try:
            status = next_status(action, status)
        except InvalidTransition:
            continue
        done.append(action)
    if status is ItemStatus.CLOSED:
        assert done[-3:] == [Action.SUBMIT, Action.VERIFY, Action.CLOSE]


@pytest.mark.parametrize("status", [ItemStatus.CLOSED, ItemStatus.CANCELLED])
@pytest.mark.parametrize("action", list(Action))
def test_nothing_happens_to_an_item_that_has_ended(action: Action, status: ItemStatus) -> None:
    with pytest.raises(InvalidTransition):
        next_status(action, status)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_item_can_always_be_cancelled(status: ItemStatus) -> None:
    assert next_status(Action.CANCEL, status) is ItemStatus.CANCELLED


def test_a_doer_cannot_verify() -> None:
    refuse_doer("li", {"wang"})
    with pytest.raises(VerifierIsDoer):
        refuse_doer("wang", {"wang", "zhao"})


def test_an_item_is_late_only_while_the_unit_has_to_act() -> None:
    due = date(2026, 7, 1)
    assert is_late(ItemStatus.ISSUED, due, due + timedelta(days=1))
    assert not is_late(ItemStatus.ISSUED, due, due)
    assert not is_late(ItemStatus.SUBMITTED, due, due + timedelta(days=9))
