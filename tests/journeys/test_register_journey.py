"""What the register keeps beside returns moves the plan's numbers, and back: contracts, projects,
achievements and a park's grade, as office, park, enterprise and statistics bureau."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from local_stack.stack import Stack
from servicekit.clock import china_date
from stdnum.cn import uscc

from tests.journeys.actors import Actors, Row, refused, step, until
from tests.journeys.cases import approved_budget, award, payment
from tests.journeys.supporting import PDF

TODAY = china_date()
STEM = "91410184MAREG0010"
CODE = STEM + uscc.calc_check_digit(STEM + "0")
OTHER = "91410184MAREG0028" + uscc.calc_check_digit("91410184MAREG00280")
FIGURES = {"investment": "8000", "new_sales": "9000", "profit_and_tax": "1000"}


@pytest.fixture(scope="module")
def hands(new_system: Callable[..., Stack]) -> Iterator[Actors]:
    """The people of a system of its own: its numbers are this story's."""
    with new_system() as system:
        hands = Actors(system.url, system.clients)
        yield hands
        hands.close()


def number(hands: Actors, indicator: str) -> Decimal | None:
    """The indicator's number of this month."""
    rows = hands("leader").items(f"indicators/{indicator}/observations")
    month = f"{TODAY:%Y-%m}"
    return next((Decimal(row["value"]) for row in rows if row["period"] == month), None)


def reaches(hands: Actors, indicator: str, value: str) -> bool:
    return until(lambda: number(hands, indicator) == Decimal(value))


def test_an_enterprise_of_the_park_is_registered(hands: Actors, story: Any) -> None:
    with refused(422, "invalid_uscc"):
        hands("park_admin").post("enterprises", {"uscc": f"{CODE[:-1]}O", "name": "甲"})
    industry = next(iter(hands("park_admin").items("industries", q="制糖业", level="class")))
    body = {"uscc": CODE, "name": "麦滋尔糖业有限公司", "unit_code": "maizier-sugar"}
    body |= {"park_code": "gangqu", "industry": industry["code"]}
    story.firm = hands("park_admin").post("enterprises", body)
    assert story.firm["industry"] == "C1340"


def test_a_registered_contract_is_trade_volume_and_a_correction_moves_it(
    hands: Actors, story: Any
) -> None:
    day = f"{TODAY}"
    contract = {
        "number": "2026410184000001", "kind": "licensing", "title": "压榨工艺许可",
        "uscc": CODE, "buyer_name": "大有塑业有限公司", "amount": "120.5",
        "signed_on": day, "registered_on": day, "authority": "郑州市技术合同登记处",
    }  # fmt: skip
    for role in ("park_admin", "enterprise", "auditor"):
        with refused(403, "forbidden"):
            hands(role).post("technology-contracts", contract)
    row = hands("office").post("technology-contracts", contract)
    assert row["park_code"] == "gangqu"
    assert reaches(hands, "technology-trade-volume", "120.5")
    why = {"document_no": "郑技登〔2026〕9号", "reason": "补充协议调减合同金额。"}
    row = step(hands("office"), "technology-contracts", row, "correct", why | {"amount": "100"})
    assert reaches(hands, "technology-trade-volume", "100")
    twin = hands("office").post("technology-contracts", contract | {"number": "2026410184000002"})
    assert reaches(hands, "technology-trade-volume", "220.5")
    step(hands("office"), "technology-contracts", twin, "cancel", why | {"cancelled_on": day})
    assert reaches(hands, "technology-trade-volume", "100")
    story.contract = row


def test_an_achievement_counts_and_names_its_contract(hands: Actors, story: Any) -> None:
    achievement = {
        "title": "甘蔗低温压榨工艺", "kind": "licensing", "source_name": "河南农业大学",
        "uscc": CODE, "amount": "100", "transferred_on": f"{TODAY}", "major": True,
        "programme": "innovation-programme", "contract_number": story.contract["number"],
    }  # fmt: skip
    row = hands("park_admin").post("achievements", achievement)
    assert row["contract_id"] == story.contract["id"]
    assert reaches(hands, "achievements-transferred", "1")
    twice = hands("park_admin").post("achievements", achievement | {"title": "重复登记的成果"})
    assert reaches(hands, "achievements-transferred", "2")
    step(hands("office"), "achievements", twice, "withdraw", {"reason": "重复登记。"})
    assert reaches(hands, "achievements-transferred", "1")


def test_a_new_base_counts_until_it_is_closed(hands: Actors) -> None:
    base = {
        "kind": "iur_base", "name": "粮食加工产学研基地", "host_name": "河南农业大学",
        "park_code": "gangqu", "programme": "innovation-programme", "established_on": f"{TODAY}",
    }  # fmt: skip
    with refused(403, "forbidden"):
        hands("enterprise").post("platforms", base)
    row = hands("park_admin").post("platforms", base)
    assert reaches(hands, "new-iur-bases", "1")
    closed = {"closed_on": f"{TODAY}", "reason": "合作协议终止。"}
    step(hands("office"), "platforms", row, "close", closed)
    assert reaches(hands, "new-iur-bases", "0")


def test_a_centre_counts_for_the_plan_on_the_level_it_has(hands: Actors) -> None:
    centre = {
        "kind": "engineering_centre", "name": "食品加工工程技术研究中心", "uscc": CODE,
        "established_on": f"{TODAY}", "level": "municipal", "recognised_on": f"{TODAY}",
        "document_no": "郑科〔2026〕9号",
    }  # fmt: skip
    row = hands("office").post("platforms", centre)
    assert reaches(hands, "municipal-engineering-centres", "1")
    level = {"level": "provincial", "recognised_on": f"{TODAY}", "document_no": "豫科〔2026〕9号"}
    with refused(403, "forbidden"):
        hands("park_admin").post(f"platforms/{row['id']}/levels", level)
    hands("office").post(f"platforms/{row['id']}/levels", level)
    assert reaches(hands, "provincial-engineering-centres", "1")
    assert reaches(hands, "municipal-engineering-centres", "0")


def test_verified_figures_of_a_project_fill_the_plan_and_a_restatement_moves_them_back(
    hands: Actors, story: Any
) -> None:
    project = {
        "number": "XZKJ-2026-011", "title": "低温榨糖产业化", "uscc": CODE,
        "participants": ["河南农业大学"], "programme": "innovation-programme",
        "starts_on": f"{TODAY.year}-01-01", "ends_on": f"{TODAY.year + 2}-12-31",
        "planned_investment": "12000", "planned_new_sales": "18000",
        "planned_profit_and_tax": "2600",
    }  # fmt: skip
    row = hands("park_admin").post("rd-projects", project)
    row = step(hands("park_admin"), "rd-projects", row, "start", {"started_on": f"{TODAY}"})
    assert reaches(hands, "rd-projects", "1")
    path = f"rd-projects/{row['id']}/results"
    result = hands("enterprise").post(path, {"year": TODAY.year, **FIGURES})
    with refused(403, "forbidden"):
        step(hands("enterprise"), path, result, "verify")
    result = step(hands("park_admin"), path, result, "verify")
    assert reaches(hands, "rd-project-investment", "0.8")
    assert reaches(hands, "rd-project-new-sales", "0.9")
    assert reaches(hands, "rd-project-profit-tax", "0.1")
    seen = hands("enterprise").get(f"rd-projects/{row['id']}")
    assert (seen["actual_investment"], seen["gap_investment"]) == ("8000", "4000")
    result = step(hands("office"), path, result, "return", {"reason": "与台账不符。"})
    assert reaches(hands, "rd-project-investment", "0")
    mended = hands("enterprise").patch(
        f"{path}/{result['id']}", {"investment": "7000"}, etag=f'"{result["version"]}"'
    )
    result = step(hands("enterprise"), path, mended, "submit")
    step(hands("park_admin"), path, result, "verify")
    assert reaches(hands, "rd-project-investment", "0.7")


def test_the_statistics_bureau_reads_the_totals_and_writes_nothing(hands: Actors) -> None:
    bureau = hands("system")
    metrics = {
        row["metric"]: row["value"] for row in bureau.items("park-metrics", period=f"{TODAY:%Y-%m}")
    }
    assert metrics["technology_trade_volume.city"] == "100"
    assert metrics["technology_trade_volume.park.gangqu"] == "100"
    assert metrics["count.rd_project"] == metrics["count.achievement_transferred"] == "1"
    assert metrics["rd_project.investment"] == "7000"
    with refused(403, "forbidden"):
        bureau.post("grade-applications", {"park_code": "gangqu", "grade": "municipal"})


def test_a_park_applies_with_evidence_and_the_plans_grade_follows(
    hands: Actors, story: Any
) -> None:
    criterion = {
        "park_kind": "private_st_park", "grade": "municipal", "measure": "enterprises",
        "threshold": "3", "unit": "家", "name_zh": "入园企业", "name_en": "enterprises",
    }  # fmt: skip
    hands("office").put("grade-criteria/firms", criterion)
    way = hands("park_admin").get("parks/gangqu/pathway", grade="municipal")
    assert way["gap_en"] == "needs 2 enterprises"
    row = hands("park_admin").post(
        "grade-applications", {"park_code": "gangqu", "grade": "municipal"}
    )
    statement = {"statement": "园区已形成食品加工产业集群。"}
    with refused(422, "evidence_missing"):
        step(hands("park_admin"), "grade-applications", row, "submit", statement)
    attach(hands, row)
    with refused(422, "criteria_unmet"):
        step(hands("park_admin"), "grade-applications", row, "submit", statement)
    explained = statement | {"explanation": "两家企业已签约，三季度入园。"}
    row = step(hands("park_admin"), "grade-applications", row, "submit", explained)
    assert (row["is_ready"], row["gap_zh"]) == (False, "还需2家入园企业")
    with refused(403, "forbidden"):
        hands("enterprise").get(f"grade-applications/{row['id']}")
    row = step(hands("office"), "grade-applications", row, "review")
    granted = {"obtained_on": f"{TODAY}", "document_no": "郑科〔2026〕31号"}
    row = step(hands("office"), "grade-applications", row, "grant", granted)
    assert row["state"] == "granted"
    assert hands("leader").get("parks/gangqu")["current_grade"] == "municipal"
    grades = [each["code"] for each in hands("leader").items("indicators")
              if each["source_metric"] == "park_grade.gangqu"]  # fmt: skip
    assert reaches(hands, grades[0], "1")


def test_a_grade_that_is_taken_away_moves_the_plan_back(hands: Actors) -> None:
    grade = next(iter(hands("leader").items("parks/gangqu/grades")))
    review = {"outcome": "revoked", "reviewed_on": f"{TODAY}", "document_no": "郑科〔2026〕60号"}
    path = f"parks/gangqu/grades/{grade['id']}/reviews"
    with refused(403, "forbidden"):
        hands("park_admin").post(path, review | {"reason": "未达标"})
    hands("office").post(path, review | {"reason": "连续两年未达标"})
    assert hands("leader").get("parks/gangqu")["current_grade"] is None
    wanted = next(each["code"] for each in hands("leader").items("indicators")
                  if each["source_metric"] == "park_grade.gangqu")  # fmt: skip
    assert reaches(hands, wanted, "0")


def attach(hands: Actors, row: Row) -> None:
    hands("park_admin").request(
        "POST",
        f"grade-applications/{row['id']}/files",
        query={"filename": "入园企业名单.pdf", "criterion_code": "firms"},
        body=PDF,
        headers={"Idempotency-Key": str(uuid4()), "Content-Type": "application/pdf"},
    )


def dossier(hands: Actors, story: Any) -> Row:
    return hands("auditor").get(f"enterprises/{story.firm['id']}/dossier")


def test_what_funding_and_supervision_tell_of_it_is_in_the_dossier(
    hands: Actors, story: Any
) -> None:
    year = TODAY.year
    spent = {"budget_expenditure": "5000000000.00", "three_st_expenses": "110000000.00",
             "science_operating_expenses": "95000000.00"}  # fmt: skip
    hands("finance_maker").put(f"fiscal-years/{year}", spent)
    budget = approved_budget(hands, year, "dossier", "900000.00", "transfer-fund")
    given = award(hands, budget, "maizier-sugar", "500000.00")
    row = payment(hands, given, "200000.00")
    row = step(hands("finance_checker"), "disbursements", row, "check")
    row = step(hands("finance_payer"), "disbursements", row, "pay")
    paid = {"outcome": "succeeded", "paid_on": f"{TODAY}", "reference": "T-0099"}
    step(hands("finance_payer"), "disbursements", row, "result", paid)
    trouble = {"title": "研发投入不足", "description": "请说明。", "holds_payments": False}
    item = hands("office").post(
        "supervision-items", trouble | {"responsible_unit": "maizier-sugar"}
    )

    def told() -> bool:
        found = dossier(hands, story)
        money = (found["awarded"], found["paid"]) == ("500000.00", "200000.00")
        return money and [one["item_id"] for one in found["open_rectifications"]] == [item["id"]]

    assert until(told)
    assert [one["award_id"] for one in dossier(hands, story)["awards"]] == [given["id"]]


def test_a_duplicate_is_merged_and_its_id_and_code_are_answered_by_the_other(
    hands: Actors, story: Any
) -> None:
    body = {"uscc": OTHER, "name": "麦滋尔 糖业有限公司", "park_code": "gangqu"}
    with refused(409, "enterprise_name_taken"):
        hands("park_admin").post("enterprises", body)
    gone = hands("park_admin").post("enterprises", body | {"namesake": True})
    doubles = hands("office").items("enterprises", duplicates=True)
    assert {one["id"] for one in doubles} == {gone["id"], story.firm["id"]}
    merge = {"into_id": story.firm["id"], "reason": "换发代码，系同一企业。"}
    with refused(403, "forbidden"):
        step(hands("park_admin"), "enterprises", gone, "merge", merge)
    merged = step(hands("office"), "enterprises", gone, "merge", merge)
    assert (merged["active"], merged["merged_into"]) == (False, story.firm["id"])
    assert hands("enterprise").get(f"enterprises/{gone['id']}")["uscc"] == CODE
    projects = list(hands("office").items("rd-projects", enterprise_id=gone["id"]))
    assert [one["number"] for one in projects] == ["XZKJ-2026-011"]
    achievement = {"title": "以旧代码登记的成果", "kind": "other", "source_name": "大学",
                   "uscc": OTHER, "amount": "1", "transferred_on": f"{TODAY}"}  # fmt: skip
    named = hands("park_admin").post("achievements", achievement)
    assert named["enterprise_id"] == story.firm["id"]
    hands("office").post("achievements", achievement | {"title": "另一成果"})


def test_everything_stands_in_the_dossier_and_who_looked_is_known(
    hands: Actors, story: Any
) -> None:
    found = dossier(hands, story)
    assert [len(found[each]) for each in ("projects", "contracts", "achievements")] == [1, 2, 4]
    told = {
        "technology_contract.registered", "technology_contract.corrected",
        "technology_contract.cancelled", "achievement.registered", "achievement.changed",
        "rd_project.changed", "rd_project.reported", "grade_application.changed",
        "park.grade_obtained", "park.grade_lost", "platform.changed", "enterprise.merged",
    }  # fmt: skip

    def heard() -> bool:
        events = hands("office").items("events", limit=200)
        return told <= {".".join(event["type"].split(".")[2:4]) for event in events}

    assert until(heard)
    deeds = {row["action"] for row in hands("auditor").items("audit-entries", limit=200)}
    assert {"technology_contracts.correct", "grade_applications.grant"} <= deeds
