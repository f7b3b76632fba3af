"""The counter of this process, beside the library's that several gateways share."""

import time
from typing import Any

import pytest
from gateway.rate_limits.domain import SlidingWindow
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

START = 1_800_000_000.0


def test_a_caller_gets_its_limit_and_no_more_and_another_is_not_concerned() -> None:
    window = SlidingWindow(3, 60)
    assert [window.take("a", START).remaining for _ in range(3)] == [2, 1, 0]
    refused = window.take("a", START)
    assert (refused.allowed, refused.remaining, refused.reset) == (False, 0, 60)
    assert window.take("b", START).allowed


def test_a_refused_request_is_not_counted() -> None:
    window = SlidingWindow(2, 60)
    for _ in range(50):
        window.take("a", START)
    assert window.take("a", START + 90).allowed


def test_what_is_past_two_windows_is_forgotten() -> None:
    window = SlidingWindow(2, 60)
    window.take("a", START)
    assert window.left("a", START + 121).remaining == 2
    assert not window._now
    assert not window._before


@given(
    limit=st.integers(1, 6),
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 25)), max_size=30),
)
async def test_it_reckons_as_the_library_does(limit: int, steps: list[tuple[str, float]]) -> None:
    own = SlidingWindow(limit, 10)
    shared = SlidingWindowCounterRateLimiter(MemoryStorage())
    item = parse(f"{limit}/10 second")
    moment = START
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: moment)
        for key, pause in steps:
            moment += pause
            expected = await shared.test(item, key)
            assert own.left(key, moment).allowed == expected
            expected = await shared.hit(item, key)
            taken = own.take(key, moment)
            stats: Any = await shared.get_window_stats(item, key)
            assert (taken.allowed, taken.remaining) == (expected, stats.remaining)
            # At a window's first moment the library says 0 for the whole of it.
            apart = abs(taken.reset - (stats.reset_time - moment)) % 10
            assert min(apart, 10 - apart) <= 1
