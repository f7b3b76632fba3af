"""Every number and body the requirements list (A to F) is in the plan file."""

from decimal import Decimal

import pytest
from kechuang.plan import Plan
from kechuang.plan.schema import Indicator, WorkingGroup

# indicator: unit, baseline, milestones of Y1..Y3, comparator
HEADLINES = {
    "high-tech-value-added": ("亿元", "27", ("33", "40", "54"), "reach"),
    "own-ip-share": ("%", None, (None, None, "40"), "at_least"),
    "st-budget-share": ("%", None, ("4", "5", "6"), "reach"),
    "rd-intensity-high-tech": ("%", None, ("4", "5", "6"), "reach"),
    "rd-intensity-science-type": ("%", None, ("2", "3", "3"), "reach"),
    "rd-intensity-ordinary": ("%", None, ("1.5", "2", "2"), "at_least"),
    "technology-trade-volume": ("万元", "4000", ("5000", "6000", "8000"), "reach"),
    "st-contribution-rate": ("%", "49.6", ("51", "53", "55"), "about"),
}
FINALS = {
    "st-trade-institutions": ("80", "家"),
    "professional-associations": ("90", "家"),
    "provincial-key-laboratories": ("2", "个"),
    "provincial-engineering-centres": ("3", "个"),
    "municipal-engineering-centres": ("8", "个"),
    "national-engineering-centres": ("1", "个"),
    "high-tech-enterprises": ("30", "家"),
    "six-parks-sales": ("188", "亿元"),
    "new-iur-bases": ("15", "个"),
    "achievements-transferred": ("50", "项"),
    "iur-conferences": ("1", "次"),
    "iur-special-meetings": ("2", "次"),
    "rd-projects": ("20", "项"),
    "rd-project-investment": ("24", "亿元"),
    "rd-project-new-sales": ("37.49", "亿元"),
    "rd-project-profit-tax": ("5.56", "亿元"),
    "three-st-share": ("2.0", "%"),
    "leverage-ratio": ("10", "倍"),
    "special-funds-total": ("400", "万元"),
    "platform-innovation-information": ("1", "个"),
    "platform-rural-information": ("1", "个"),
    "platform-scientific-data": ("1", "个"),
    "platform-technology-trade": ("1", "个"),
    "platform-manufacturing": ("1", "个"),
    "villages-connected": ("100", "%"),
}
SEVEN = {
    "qingan-chemical",
    "zhengli",
    "dayou-plastics",
    "tianjin-pharma",
    "aoxing",
    "haidi-pharma",
    "maizier-sugar",
}
OFFICES = {"st-bureau", "ndrc", "economy-commission", "finance-bureau"}
GROUPS = {
    1: OFFICES | {"enterprises-concerned"},
    2: (OFFICES - {"finance-bureau"})
    | {"maizier-sugar", "cigarette-factory", "houyi", "zhenglong", "qingan-group"}
    | {"tianjin-pharma", "aoxing", "dayou-plastics", "lingrui-pharma"},
    3: {"netcom", "st-bureau", "sta", "all-towns-subdistricts", "cigarette-factory"}
    | {"fuhua-group", "lingrui-pharma", "aoxing", "zhenglong", "qingan-chemical"}
    | {"gangqu-startup-centre", "zhongyuan-food-startup-centre"},
    4: OFFICES
    | {"gangqu-admin", "xuedian-town", "longhu-town", "xincun-town", "baqian-township"}
    | {"xindian-town", "guanyinsi-town", "chengguan-township"},
    5: OFFICES | SEVEN,
    6: {"st-bureau", "sta", "ndrc", "finance-bureau"},
}
DELIVERABLES = {1: 4, 2: 10, 3: 5, 4: 7, 5: 9, 6: 8, 7: 8, 8: 2}
PARKS = {
    "gangqu": ("provincial", ("gangqu-admin",)),
    "xuedian": ("provincial", ("xuedian-town",)),
    "coal-circular": ("provincial", ()),
    "longhu": ("municipal", ("longhu-town",)),
    "chengbei": ("municipal", ()),
    "chengdong": ("municipal", ()),
}


def indicator(plan: Plan, code: str) -> Indicator:
    return next(entry for entry in plan.indicators if entry.code == code)


def group(plan: Plan, number: int) -> WorkingGroup:
    return next(entry for entry in plan.working_groups if entry.number == number)


@pytest.mark.parametrize("code", HEADLINES)
def test_headline_targets_are_as_the_plan_has_them(plan: Plan, code: str) -> None:
    unit, baseline, milestones, comparator = HEADLINES[code]
    entry = indicator(plan, code)
    assert entry.headline
    assert (entry.unit, entry.comparator) == (unit, comparator)
    assert (entry.baseline and entry.baseline.value) == (baseline and Decimal(baseline))
    expected = zip(("Y1", "Y2", "Y3"), milestones, strict=True)
    assert entry.milestones == {year: Decimal(value) for year, value in expected if value}


def test_there_are_eight_headlines(plan: Plan) -> None:
    assert {entry.code for entry in plan.indicators if entry.headline} == set(HEADLINES)


@pytest.mark.parametrize("code", FINALS)
def test_counts_and_amounts_are_as_the_plan_has_them(plan: Plan, code: str) -> None:
    entry = indicator(plan, code)
    assert (str(entry.milestones["Y3"]), entry.unit) == FINALS[code]


@pytest.mark.parametrize("code", ["iur-conferences", "iur-special-meetings", "special-funds-total"])
def test_what_is_due_every_year_has_a_milestone_every_year(plan: Plan, code: str) -> None:
    assert set(indicator(plan, code).milestones) == {"Y1", "Y2", "Y3"}


@pytest.mark.parametrize("number", GROUPS)
def test_working_groups_have_their_responsible_units(plan: Plan, number: int) -> None:
    entry = group(plan, number)
    assert {member.unit for member in entry.members} == GROUPS[number]
    assert entry.goals
    assert entry.duties
    assert entry.leaders == (), "leaders are blank in the plan"


def test_eight_key_tasks_have_all_their_deliverables(plan: Plan) -> None:
    assert {task.number: len(task.deliverables) for task in plan.key_tasks} == DELIVERABLES


def test_six_parks_have_their_grades_and_only_certain_jurisdictions(plan: Plan) -> None:
    found = {park.code: (park.desired_grade, park.jurisdictions) for park in plan.parks}
    assert found == PARKS
    grades = {"municipal": 1, "provincial": 2}
    for code, (grade, _) in PARKS.items():
        assert indicator(plan, f"park-grade-{code}").milestones == {"Y3": grades[grade]}


def test_funds_and_rules(plan: Plan) -> None:
    assert sum(fund.kind == "special" for fund in plan.funds) == 5
    assert {fund.code for fund in plan.funds if not fund.counts_towards_floor} == {
        "three-st-expenses",
        "science-operating-expenses",
    }
    thresholds = {
        rule.code: [str(value) for _, value in sorted(rule.thresholds.items())]
        for rule in plan.funding_rules
    }
    assert thresholds == {
        "three-st-share": ["2.0", "2.0", "2.0"],
        "st-budget-share": ["4", "5", "6"],
        "leverage": ["10", "10", "10"],
        "special-funds-floor": ["400", "400", "400"],
    }


def test_organisation_stands_in_one_line(plan: Plan) -> None:
    parents = {unit.code: unit.parent for unit in plan.units}
    assert parents["group-4"] == "programme-office"
    assert parents["programme-office"] == "headquarters"
    assert parents["headquarters"] == "leading-group"


def test_supervision_runs_on_the_plan_s_cadences(plan: Plan) -> None:
    cadences = plan.programme.cadences
    assert (cadences.inspection, cadences.meeting) == ("monthly", "half_monthly")
    series = {entry.code: entry for entry in plan.meeting_series}
    assert [heading.code for heading in series["half-monthly-report"].headings] == [
        "progress",
        "results",
        "good_practice",
        "problems",
        "proposals",
    ]
    assert {group.kind for group in plan.recipient_groups} == {
        "superior_city",
        "leading_bodies",
        "units",
    }
    assert {
        "inspection-system",
        "work-meeting-system",
        "information-feedback-system",
        "implementation-plans-due",
        "annual-work-plans-due",
        "verification-and-assessment",
    } <= {rule.code for rule in plan.programme.standing_rules}


def test_contradictions_are_open_questions(plan: Plan) -> None:
    assert {
        "circular-park-grade",
        "six-parks-sales-comparator",
        "value-added-name",
        "final-year",
        "science-type-rd-flat",
        "whole-society-input",
    } <= {conflict.code for conflict in plan.conflicts}
    both = [c for c in plan.conflicts if c.kind == "contradiction"]
    assert all(len(conflict.positions) >= 2 for conflict in both)


def test_the_scan_s_mistakes_are_not_kept(plan_text: str) -> None:
    wrong = (
        "旳",
        "增长值",
        "奉献率",
        "专题资金",
        "实行方案",
        "有限企业",
        "试验室",
        "20xx",
        "110以上",
    )
    assert [word for word in wrong if word in plan_text] == []
