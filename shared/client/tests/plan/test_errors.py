"""Each thing wrong with a file is named by line, place and reason, in both languages."""

from collections.abc import Callable

import pytest
from kechuang.plan.errors import PlanError

ErrorsOf = Callable[[str], list[PlanError]]

# what stands in the real file → what is put there instead, the code and a piece of the place
CASES = [
    ("    comparator: about", "    comparator: nearly", "bad_choice", "comparator"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y4: 40, Y3: 54}", "bad_year", "milestones.Y4"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y2: forty}", "bad_number", "milestones.Y2"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y2: .nan}", "bad_number", "milestones.Y2"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y2: 30}", "wrong_direction", "milestones.Y2"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{Y1: 33, Y1: 40}", "duplicate_key", "milestones.Y1"),
    ("{Y1: 33, Y2: 40, Y3: 54}", "{}", "too_short", "milestones"),
    ("    milestones: {Y3: 40}", "    milestones: {Y3: -1}", "negative", "milestones.Y3"),
    ("  - code: own-ip-share", "  - code: high-tech-value-added", "duplicate_code", "[1].code"),
    ("  - code: own-ip-share", "  - code: Own_IP", "bad_code", "indicators[1].code"),
    ("    tolerance: 0.5\n", "", "tolerance_needed", "comparator"),
    ("metric: own_ip_share.city", "metric: own_ip_share.town", "unknown_metric", "fed_by.metric"),
    ("{time: ratio_of_sums, units: ratio_of_sums}", "{time: average, units: latest}",
     "percent_averaged", "aggregation.time"),
    ("    lead_unit: finance-bureau", "    lead_unit: fiance-bureau", "unknown_reference",
     "lead_unit"),
    ("    working_group: group-1\n", "    working_group: group-9\n", "unknown_reference",
     "working_group"),
    ("    definition:\n", "    definitoin:\n", "unknown_field", "definitoin"),
    ("{unit: zhengli}", "{unit: aoxing}", "duplicate_entry", "members"),
    ("{unit: zhengli}", "{unit: zhengli, role: lead}", "many_leads", "members"),
    ("    number: 2\n", "    number: 1\n", "duplicate_number", "working_groups[1].number"),
    ("    number: 2\n", "    number: two\n", "bad_number", "working_groups[1].number"),
    ("    parent: leading-group", "    parent: programme-office", "unit_cycle", "parent"),
    ("        quantity: 188", "        quantity: 180", "quantity_differs", "quantity"),
    ("    inputs: [enterprise_st_input, government_st_input]", "    inputs: [enterprise_st_input]",
     "rule_inputs", "inputs"),
    ("    days_of_month: [15, 31]", "    days_of_month: [15]", "count_of_days", "days_of_month"),
    ("    days_of_month: [15, 31]", "    days_of_month: [15, 32]", "bad_number", "days_of_month"),
    ("    grade_ladder: [municipal, provincial, national]\n", "", "ladder_needed", "kind"),
    ("    grade_ladder: [municipal, provincial, national]", "    grade_ladder: [municipal]",
     "grade_off_ladder", "milestones.Y3"),
    ("section: 二(四)", "section: 二(九)", "bad_section", "source.section"),
    ("    kind: special\n", "    kind:\n", "bad_type", "kind"),
    ("    counts_towards_floor: false", "    counts_towards_floor: true", "floor_fund", "floor"),
    ("    subject: {kind: park, code: coal-circular}", "    subject: {kind: park}",
     "subject_code", "subject"),
    ("format: 1", "format: 2", "bad_choice", "format"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "place"), CASES)
def test_a_wrong_row_is_named(
    plan_text: str, errors_of: ErrorsOf, old: str, new: str, code: str, place: str
) -> None:
    position = plan_text.index(old)
    found = [e for e in errors_of(plan_text.replace(old, new, 1)) if e.code == code]
    assert found, errors_of(plan_text.replace(old, new, 1))
    error = found[0]
    assert place in error.path
    assert error.zh
    assert error.en
    assert error.zh != error.en
    changed_line = plan_text.count("\n", 0, position) + 1
    # A field that was taken away, or a rule about the whole entry, is told where the entry is.
    near = 8 if new == "" or code in {"many_leads", "duplicate_entry"} else 1
    assert abs(error.line - changed_line) <= near, (error, changed_line)


def test_all_errors_of_a_file_are_told_at_once(plan_text: str, errors_of: ErrorsOf) -> None:
    text = plan_text.replace("comparator: about", "comparator: nearly").replace(
        "Y2: 6000", "Y9: 6000"
    )
    errors = errors_of(text)
    assert [error.code for error in errors] == ["bad_year", "bad_choice"]
    assert errors[0].line < errors[1].line


def test_a_missing_field_is_told_at_its_entry(errors_of: ErrorsOf) -> None:
    errors = errors_of("format: 1\nprogramme:\n  code: x\nunits: []\n")
    missing = {error.path: error.line for error in errors if error.code == "missing"}
    assert missing["programme.name"] == 2


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        ("a: [1,\nb: 2", "bad_yaml", 2),
        ("- 1", "not_a_mapping", 1),
        ("", "not_a_mapping", 1),
        ("a: 1\n? [x]\n: 2", "key_not_text", 2),
        ("a: 1\n--- \nb: 2", "bad_yaml", 2),
        ("a: \x00", "bad_yaml", 1),
        ("a: " + "[" * 60 + "]" * 60, "too_deep", 1),
        ("a: " + "[" * 5000, "too_deep", 1),
        ("format: *nothing", "bad_yaml", 1),
    ],
)
def test_what_is_no_plan_at_all_is_refused(
    errors_of: ErrorsOf, raw: str, code: str, line: int
) -> None:
    (error,) = errors_of(raw)
    assert (error.code, error.line) == (code, line)


def test_aliases_that_multiply_are_refused(errors_of: ErrorsOf) -> None:
    lines = ["l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    (error,) = errors_of("\n".join(lines))
    assert error.code == "too_many_nodes"
