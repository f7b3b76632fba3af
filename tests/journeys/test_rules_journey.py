"""A rule the office adds is broken, asked about, mended and ended; supervision hears of it once. A
project shows what its enterprise put beside it; a call is cancelled and its applicant is told."""

from typing import Any

from tests.journeys.actors import Actors, refused, step, until
from tests.journeys.applying import open_call, submitted_application
from tests.journeys.cases import approved_budget, award

YEAR = 2035
RULE = "operating-ceiling"
PAYEE = "maizier-sugar"
BODY = {
    "programme": "innovation-programme",
    "name_zh": "科学事业费上限",
    "name_en": "Ceiling of science operating expenses",
    "formula": "custom",
    "expression": "science_operating_expenses / budget_expenditure * 100",
    "comparator": "at_most",
    "unit": "%",
    "thresholds": [{"year": YEAR, "value": "3"}],
    "inputs": ["science_operating_expenses", "budget_expenditure"],
    "funds": [],
    "document_no": "新政〔2035〕1号",
}
SPENT = {"budget_expenditure": "1000.00", "three_st_expenses": "20.00"}


def found(actors: Actors) -> list[Any]:
    path = f"funding-rules/{RULE}/evaluations"
    return [each["state"] for each in actors("leader").items(path, fiscal_year=YEAR)]


def test_a_broken_rule_becomes_one_case_and_can_be_asked_about(actors: Actors) -> None:
    actors("finance_maker").put(f"funding-rules/{RULE}", BODY)
    figures = {**SPENT, "science_operating_expenses": "31.00"}
    actors("finance_maker").put(f"fiscal-years/{YEAR}", figures)

    def cases() -> Any:
        items = actors("office").items("supervision-items", limit=200)
        return [each for each in items if RULE in each["title"]]

    (case,) = until(cases)
    assert case["holds_payments"] is False
    change = {"figures": [{"input": "science_operating_expenses", "value": "30.00"}]}
    question = {"fiscal_year": YEAR, "rules": [RULE], **change}
    (answer,) = actors("leader").post("funding-rules/simulate", question)["rules"]
    assert (answer["present"]["state"], answer["simulated"]["state"]) == ("breached", "satisfied")
    assert answer["present"]["spare"] == "-1.00"
    assert found(actors) == ["breached", "unknown"], "asking left no trace"


def test_a_document_mends_it_and_another_one_ends_it(actors: Actors) -> None:
    why = {"document_no": "新政〔2035〕2号", "reason": "调整"}
    higher = {"from_year": YEAR, "thresholds": [{"year": YEAR, "value": "3.1"}], **why}
    actors("finance_maker").post(f"funding-rules/{RULE}/revisions", higher)
    assert found(actors) == ["satisfied", "breached", "unknown"]

    def told() -> Any:
        events = list(actors("office").items("events", limit=200))
        kinds = [
            each["type"].split(".")[3]
            for each in events
            if each["type"].startswith("kechuang.funding.rule.")
            and each["data"]["rule_code"] == RULE
        ]
        return sorted(kinds) if "restored" in kinds else None

    kinds = until(told)
    assert (kinds.count("breached"), kinds.count("restored")) == (1, 1)
    with refused(409, "rule_revised"):
        actors("finance_maker").put(f"funding-rules/{RULE}", {**BODY, "name_en": "Other"})
    row = actors("office").get(f"funding-rules/{RULE}")
    assert actors("leader").get(f"funding-rules/{RULE}")["results"][0]["revision"] == 2
    rule = {"id": RULE, "version": row["version"]}
    ended = step(actors("office"), "funding-rules", rule, "end", {"from_year": YEAR, **why})
    assert (ended["results"], ended["ended_from"]) == ([], YEAR)


def test_a_project_shows_what_was_put_beside_it(actors: Actors, fiscal_year: int) -> None:
    budget = approved_budget(actors, fiscal_year, "beside", "1000.00", "transfer-fund")
    given = award(actors, budget, PAYEE, "1000.00")
    spent = {"unit_code": PAYEE, "fiscal_year": fiscal_year, "award_id": given["id"]}
    row = actors("enterprise").post("counterpart-reports", {**spent, "amount": "12400.00"})
    step(actors("office"), "counterpart-reports", row, "verify")
    (shown,) = actors("leader").items("leverage", award_id=given["id"])
    assert (shown["ratio_text"], shown["enterprise"]) == ("1:12.4", "12400.00")


def test_a_cancelled_call_tells_its_applicant(actors: Actors, fiscal_year: int) -> None:
    budget = approved_budget(actors, fiscal_year, "cancelled", "1000.00", "transfer-fund")
    call = open_call(actors, budget)
    row = submitted_application(actors, call, "enterprise", PAYEE, "100.00")
    step(actors("office"), "funding-calls", call, "cancel", {"reason": "资金用途调整"})
    now = actors("enterprise").get(f"applications/{row['id']}")
    assert (now["state"], now["reason"]) == ("cancelled", "资金用途调整")
