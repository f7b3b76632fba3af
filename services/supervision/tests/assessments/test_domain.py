"""Points are exact, explained, and the same in whatever order the records come."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from supervision.assessments import domain
from supervision.assessments.domain import Criterion, Lapse, Record, Ruling

D = Decimal
POINTS = st.decimals("0.01", "50", places=2)
SHARES = {"green": D(1), "amber": D("0.6"), "red": D(0)}
RECORDS = st.lists(
    st.one_of(
        st.builds(
            Record,
            kind=st.sampled_from([str(each) for each in Lapse]),
            ref=st.integers(0, 50).map(str),
            unit=st.sampled_from("ab"),
            label=st.just("r"),
        ),
        st.builds(
            Record,
            kind=st.just(domain.INDICATOR),
            ref=st.integers(0, 50).map(str),
            unit=st.sampled_from("ab"),
            label=st.just("i"),
            light=st.sampled_from(["green", "amber", "red", "unknown"]),
        ),
    ),
    max_size=30,
)
LAPSES = st.sampled_from([str(each) for each in Lapse])
CRITERIA = st.tuples(POINTS, POINTS, st.dictionaries(LAPSES, POINTS)).map(
    lambda given: [
        Criterion("achievement", "share", given[0], D(60), SHARES),
        Criterion("timeliness", "deduction", given[1], D(40), {}, given[2]),
    ]
)
RULINGS = st.lists(
    st.builds(
        Ruling,
        ref=st.uuids().map(str),
        unit=st.sampled_from("ab"),
        criterion=st.sampled_from(["achievement", "timeliness"]),
        points=st.decimals("-50", "50", places=2),
    ),
    max_size=4,
)


@given(CRITERIA, RECORDS, RULINGS, st.randoms())
def test_computing_again_in_another_order_gives_the_same(
    criteria: Any, records: list[Record], rulings: list[Ruling], shuffle: Any
) -> None:
    first = domain.score("a", criteria, records, rulings)
    shuffle.shuffle(records)
    shuffle.shuffle(rulings)
    assert domain.score("a", criteria, records * 2, rulings) == first


@given(CRITERIA, RECORDS, RULINGS)
def test_the_lines_add_up_to_a_score_between_nothing_and_the_full_marks(
    criteria: Any, records: list[Record], rulings: list[Ruling]
) -> None:
    found = domain.score("a", criteria, records, rulings)
    assert 0 <= found.total <= 100
    for marks in found.marks:
        assert sum(line.points for line in marks.lines) == marks.score
        assert 0 <= marks.score <= marks.full_marks


@given(CRITERIA, RECORDS, st.sampled_from([*Lapse]))
def test_one_more_lapse_never_helps(criteria: Any, records: list[Record], kind: Lapse) -> None:
    more = Record(kind, "another", "a", "r")
    before = domain.score("a", criteria, records).total
    assert domain.score("a", criteria, [*records, more]).total <= before


@given(CRITERIA, RECORDS)
def test_what_happens_to_another_unit_changes_nothing(criteria: Any, records: list[Record]) -> None:
    own = [each for each in records if each.unit == "a"]
    assert domain.score("a", criteria, records) == domain.score("a", criteria, own)


@given(st.dictionaries(st.text(max_size=3), st.decimals(0, 100, places=2)))
def test_a_place_is_one_more_than_the_better_ones(totals: dict[str, Decimal]) -> None:
    for name, place in domain.ranked(totals).items():
        assert place == 1 + sum(other > totals[name] for other in totals.values())


@given(POINTS, st.integers(1, 60))
def test_full_marks_are_divided_without_a_rest(whole: Decimal, parts: int) -> None:
    found = domain.divide(whole, parts)
    assert (len(found), sum(found)) == (parts, whole)


def test_three_green_indicators_give_exactly_full_marks() -> None:
    criterion = Criterion("achievement", "share", D(100), D(100), SHARES)
    records = [Record("indicator", code, "a", code, "green") for code in "xyz"]
    found = domain.score("a", [criterion], records)
    assert found.marks[0].score == 100
    assert [line.points for line in found.marks[0].lines] == [
        D("33.3333"), D("33.3334"), D("33.3333"),
    ]  # fmt: skip


def test_a_unit_without_an_indicator_is_assessed_by_the_rest() -> None:
    criteria = [
        Criterion("achievement", "share", D(100), D(60), SHARES),
        Criterion("timeliness", "deduction", D(50), D(40), {}, {Lapse.REPORT_LATE: D(5)}),
    ]
    found = domain.score("a", criteria, [Record("report_late", "1", "a", "r")])
    assert (found.total, [marks.code for marks in found.marks]) == (D("90.00"), ["timeliness"])
