"""The checker of linearizability, on a purse that must not be overdrawn: what it must accept, what
it must not, and what became of calls that nobody answered."""

import itertools
import random
from collections.abc import Callable

import pytest

from tests.faults.linear import UNKNOWN, Call, Search, Undecided, Verdict


def put(amount: int) -> Callable[[int], tuple[int, object]]:
    return lambda purse: (purse + amount, "done")


def take(amount: int) -> Callable[[int], tuple[int, object]]:
    return lambda purse: (purse - amount, "done") if amount <= purse else (purse, "refused")


def look(purse: int) -> tuple[int, object]:
    return purse, purse


def judged(*calls: Call[int], start: int = 0) -> Verdict:
    return Search(start, calls, key=lambda purse: purse).verdict()


def test_calls_one_after_the_other_are_explained_by_their_order() -> None:
    verdict = judged(
        Call("put", put(5), "done", 0, 1),
        Call("take", take(3), "done", 2, 3),
        Call("look", look, 2, 4, 5),
    )
    assert verdict.is_linear
    assert verdict.order == ["put", "take", "look"]


def test_what_was_answered_before_another_began_cannot_come_after_it() -> None:
    late = judged(Call("take", take(3), "done", 0, 1), Call("put", put(5), "done", 2, 3))
    assert not late.is_linear
    assert late.stuck == ["take: answered done, should be refused"]
    assert judged(Call("take", take(3), "done", 0, 3), Call("put", put(5), "done", 2, 4)).is_linear


def test_two_who_both_took_the_same_money_are_found() -> None:
    both = [Call(f"take {n}", take(7), "done", n, 9 + n) for n in range(2)]
    assert not judged(*both, start=10).is_linear
    assert judged(*both, start=14).is_linear


def test_a_refusal_of_what_there_was_enough_for_is_found() -> None:
    assert not judged(Call("take", take(3), "refused", 0, 1), start=5).is_linear


def test_a_look_at_what_is_over_is_found() -> None:
    calls = [Call("put", put(5), "done", 0, 1), Call("look", look, 0, 2, 3)]
    assert not judged(*calls).is_linear
    assert judged(calls[0], Call("look", look, 0, 0.5, 3)).is_linear


def test_two_looks_that_see_two_orders_are_found() -> None:
    """Sums would not tell: both puts are there in the end."""
    puts = [Call("put 1", put(1), "done", 0, 9), Call("put 2", put(2), "done", 0, 9)]
    looks = [Call("one", look, 1, 1, 2), Call("other", look, 2, 3, 4)]
    assert not judged(*puts, *looks).is_linear
    assert judged(*puts, looks[0], Call("other", look, 3, 3, 4)).is_linear


def test_what_was_never_answered_may_have_happened_or_not_and_late_or_early() -> None:
    unknown = Call("take", take(5), UNKNOWN, 2)
    for seen in (8, 3):
        assert judged(unknown, Call("look", look, seen, 3, 4), start=8).is_linear
    later = [Call("look", look, 8, 3, 4), Call("look", look, 3, 5, 6)]
    assert judged(unknown, *later, start=8).is_linear


def test_what_was_never_answered_did_not_happen_before_it_began_nor_twice_nor_back() -> None:
    unknown = Call("take", take(5), UNKNOWN, 2)
    assert not judged(unknown, Call("look", look, 3, 0, 1), start=8).is_linear
    assert not judged(unknown, Call("look", look, -2, 3, 4), start=8).is_linear
    back = [Call("look", look, 3, 3, 4), Call("look", look, 8, 5, 6)]
    assert not judged(unknown, *back, start=8).is_linear


def test_it_says_what_trying_every_order_says() -> None:
    """Four hundred small histories from a seed, sound ones and others, some calls unanswered."""
    chance, found = random.Random(7), {True: 0, False: 0}
    for _ in range(400):
        calls = drawn(chance)
        verdict = judged(*calls, start=4)
        assert verdict.is_linear == any(explains(order) for order in orders(calls)), calls
        found[verdict.is_linear] += 1
    assert min(found.values()) > 60, found


def drawn(chance: random.Random) -> list[Call[int]]:
    calls: list[Call[int]] = []
    for number in range(5):
        amount, began = chance.randint(1, 4), chance.uniform(0, 5)
        ended = began + chance.uniform(0.5, 4)
        kind = chance.choice(("put", "take", "look"))
        apply = {"put": put(amount), "take": take(amount), "look": look}[kind]
        answers = {
            "put": ["done"], "take": ["done", "refused"], "look": list(range(9)),
        }[kind]  # fmt: skip
        if chance.random() < 0.25:
            calls.append(Call(f"{kind} {number}", apply, UNKNOWN, began))
        else:
            calls.append(Call(f"{kind} {number}", apply, chance.choice(answers), began, ended))
    return calls


def orders(calls: list[Call[int]]) -> itertools.chain[tuple[Call[int], ...]]:
    """Every order of those that were answered and any of the others."""
    known = [call for call in calls if call.is_known]
    others = [call for call in calls if not call.is_known]
    return itertools.chain.from_iterable(
        itertools.permutations([*known, *some])
        for size in range(len(others) + 1)
        for some in itertools.combinations(others, size)
    )


def explains(order: tuple[Call[int], ...]) -> bool:
    purse = 4
    for place, call in enumerate(order):
        if any(later.ended < call.began for later in order[place:]):
            return False
        purse, answer = call.apply(purse)
        if call.is_known and answer != call.answer:
            return False
    return True


def test_forty_at_once_are_explained_in_no_time() -> None:
    calls: list[Call[int]] = [Call(f"put {n}", put(n), "done", 0, 10 + n) for n in range(20)]
    calls += [Call(f"take {n}", take(7), "done", 0, 10.5 + n) for n in range(20)]
    verdict = judged(*calls)
    assert verdict.is_linear
    assert verdict.places < 1000


def test_who_gives_up_does_not_say_that_all_is_well() -> None:
    calls = [Call(f"put {2**n}", put(2**n), "done", 0, 9) for n in range(16)]
    wrong = Call("look", look, -1, 0, 9)
    with pytest.raises(Undecided):
        Search(0, [*calls, wrong], key=lambda purse: purse, most=1000).verdict()
