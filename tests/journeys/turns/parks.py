"""Turns of the register: a park, an enterprise in it, and what it files."""

from typing import Any

from tests.journeys.cases import QUIET
from tests.journeys.turns.turn import Turn, table

PARK = {
    "name_zh": "试验园区",
    "name_en": "Trial park",
    "kind": "private_st_park",
    "administration_unit": "gangqu-admin",
    "desired_grade": "provincial",
    "desired_by": "2022-12-31",
}
GRADE = {"grade": "municipal", "obtained_on": "2020-06-30", "document_no": "科〔2020〕1号"}
ENTERPRISE = {"uscc": "91410184MAWALK000U", "name": "试验企业", "park_code": "trial-park"}
RECOGNITION = {
    "enterprise_id": "{enterprise[id]}",
    "kind": "science_type",
    "number": "KJ202041000001",
    "authority": "河南省科学技术厅",
    "valid_from": "2020-01-01",
    "valid_to": "2022-12-31",
}
EARLIER = {"number": "KJ201741000001", "valid_from": "2017-01-01", "valid_to": "2019-12-31"}
LATER = {"number": "KJ202341000001", "valid_from": "2023-01-01", "valid_to": "2025-12-31"}
PLACE = {"point": {"type": "Point", "coordinates": [113.86, 34.53]}}
CRITERION = {
    "park_kind": "private_st_park",
    "grade": "provincial",
    "measure": "enterprises",
    "threshold": "1",
    "unit": "家",
    "name_zh": "企业",
    "name_en": "enterprise",
}
REVIEW = {"outcome": "revoked", "reviewed_on": "2020-09-30", "document_no": "科〔2020〕4号"}
REVIEW |= {"reason": "未达标"}
MOVED_PLACE = {"point": {"type": "Point", "coordinates": [113.87, 34.54]}}
MOVE = {"valid_from": "2020-02-01", "declared_class": "science_type"}
PLATFORM = {
    "kind": "engineering_centre",
    "name": "第一中心",
    "uscc": "91410184MAWALK000U",
    "park_code": "trial-park",
    "established_on": "2020-01-06",
}
LEVEL = {"level": "municipal", "recognised_on": "2020-05-29", "document_no": "科〔2020〕3号"}
CLOSE = {"closed_on": "2020-12-31", "reason": "注销"}

FORM = {
    "code": "trial-yearly",
    "frequency": "year",
    "applies_from": "2090",
    "name_zh": "年报",
    "name_en": "Yearly return",
}
RULE = {
    "kind": "jump",
    "severity": "warning",
    "measure": "sales_revenue",
    "highest": "900",
    "valid_from": "2090-01-01",
    "name_zh": "销售收入环比",
    "name_en": "Sales against last month",
}
RESTATED = {"measures": {"employees": 312}, "reason": "人数更正"}
CONTRACT = {
    "number": "JS202041000001",
    "kind": "development",
    "title": "技术开发",
    "uscc": "91410184MAWALK000U",
    "buyer_name": "乙方",
    "amount": "120",
    "signed_on": "2020-03-02",
    "registered_on": "2020-03-18",
    "authority": "技术合同登记处",
}
WHY = {"document_no": "科〔2020〕5号", "reason": "补充协议"}
PROJECT = {
    "number": "XM2020-1",
    "title": "研发项目",
    "uscc": "91410184MAWALK000U",
    "programme": "innovation-programme",
    "starts_on": "2020-01-01",
    "ends_on": "2022-12-31",
    "planned_investment": "12000",
    "planned_new_sales": "18000",
    "planned_profit_and_tax": "2600",
}
ENDED = {"ended_on": "2020-12-31", "reason": "完成"}
FIGURES = {"investment": "8000", "new_sales": "9000", "profit_and_tax": "1000"}
ACHIEVEMENT = {
    "title": "甘蔗低温压榨工艺",
    "kind": "licensing",
    "source_name": "试验大学",
    "uscc": "91410184MAWALK000U",
    "amount": "150",
    "transferred_on": "2020-04-20",
    "major": True,
    "programme": "innovation-programme",
}
NATIONAL = {"park_code": "trial-park", "grade": "national"}
APPLIED = {"statement": "已达标", "explanation": "在建"}
OF_APPLICATION = {"application_id": "{application[id]}"}
EVIDENCE: dict[str, Any] = {"file": "%PDF-1.7\n%%EOF\n", "file_type": "application/pdf"}
MONTH = {f"measures.{name}": value for name, value in QUIET.items()}


def filed(month: str) -> dict[str, Any]:
    return {"enterprise_id": "{enterprise[id]}", "period": f"2020-{month}", "measures": QUIET}


TURNS = [
    Turn("putPark", "office", PARK, path={"code": "trial-park"}, keep="park",
         tells=["parks.park.changed"]),
    Turn("putPark", "office", {**PARK, "name_en": "Park"}, on="park",
         tells=["parks.park.changed"]),
    Turn("recordParkGrade", "office", GRADE, path={"code": "trial-park"},
         tells=["parks.park.grade_obtained"]),
    Turn("putParkLocation", "office", PLACE, path={"code": "trial-park"}, keep="place"),
    Turn("putParkLocation", "office", MOVED_PLACE, on="place",
         path={"code": "trial-park"}),
    Turn("putGradeCriterion", "office", CRITERION, path={"code": "trial-firms"}, keep="criterion"),
    Turn("putGradeCriterion", "office", {**CRITERION, "threshold": "2"}, on="criterion"),
    Turn("recordParkGrade", "office", {**GRADE, "grade": "national"}, path={"code": "trial-park"},
         keep="grade", tells=["parks.park.grade_obtained"]),
    Turn("recordParkGradeReview", "office", REVIEW,
         path={"code": "trial-park", "grade_id": "{grade[id]}"},
         tells=["parks.park.grade_lost"]),
    Turn("createEnterprise", "office", ENTERPRISE, keep="enterprise",
         tells=["parks.enterprise.changed"]),
    Turn("createEnterprises", "office",
         {"items": [{**ENTERPRISE, "uscc": "91410184MAWALK010W", "name": "另一企业"}]},
         tells=["parks.enterprise.changed"]),
    Turn("importEnterprises", "office", tells=["parks.enterprise.changed"],
         file=table({**ENTERPRISE, "uscc": "91410184MAWALK020X", "name": "第三企业"})),
    Turn("importEnterprises", "office", keep="job",
         file=table(*[{"uscc": "none", "name": f"无{number}"} for number in range(3000)])),
    Turn("cancelJob", "office", on="job"),
    Turn("updateEnterprise", "office", {"aliases": ["试验"]}, on="enterprise",
         tells=["parks.enterprise.changed"]),
    Turn("recordEnterpriseStanding", "office", MOVE,
         path={"enterprise_id": "{enterprise[id]}"}, tells=["parks.enterprise.changed"]),
    Turn("createEnterprise", "office", {**ENTERPRISE, "uscc": "91410184MAWALK030Y",
         "name": "重复企业"}, keep="duplicate", tells=["parks.enterprise.changed"]),
    Turn("mergeEnterprise", "office", {"into_id": "{enterprise[id]}", "reason": "同一企业"},
         on="duplicate", tells=["parks.enterprise.changed", "parks.enterprise.merged"]),
    Turn("createRecognition", "office", RECOGNITION,
         tells=["parks.recognition.granted", "parks.recognition.expired"]),
    Turn("createRecognitions", "office", {"items": [{**RECOGNITION, **LATER}]},
         tells=["parks.recognition.granted", "parks.recognition.expired"]),
    Turn("importRecognitions", "office", file=table(RECOGNITION | EARLIER),
         tells=["parks.recognition.granted", "parks.recognition.expired"]),
    Turn("createPlatform", "office", PLATFORM, keep="platform",
         tells=["parks.platform.changed", "parks.park_metric.changed"]),
    Turn("createPlatforms", "office", {"items": [{**PLATFORM, "name": "第二中心"}]},
         tells=["parks.platform.changed", "parks.park_metric.changed"]),
    Turn("importPlatforms", "office", file=table({**PLATFORM, "name": "第三中心"}),
         tells=["parks.platform.changed", "parks.park_metric.changed"]),
    Turn("updatePlatform", "office", {"host_name": "试验大学"}, on="platform",
         tells=["parks.platform.changed"]),
    Turn("recordPlatformLevel", "office", LEVEL, path={"platform_id": "{platform[id]}"},
         tells=["parks.platform.changed", "parks.park_metric.changed"]),
    Turn("getPlatform", "office", on="platform", keep="platform"),
    Turn("closePlatform", "office", CLOSE, on="platform",
         tells=["parks.platform.changed", "parks.park_metric.changed"]),
    Turn("createTechnologyContract", "office", CONTRACT, keep="contract",
         tells=["parks.technology_contract.registered", "parks.park_metric.changed"]),
    Turn("createTechnologyContracts", "office",
         {"items": [{**CONTRACT, "number": "JS202041000002"}]},
         tells=["parks.technology_contract.registered", "parks.park_metric.changed"]),
    Turn("importTechnologyContracts", "office",
         file=table({**CONTRACT, "number": "JS202041000003"}),
         tells=["parks.technology_contract.registered", "parks.park_metric.changed"]),
    Turn("correctTechnologyContract", "office", {**WHY, "amount": "100"}, on="contract",
         tells=["parks.technology_contract.corrected", "parks.park_metric.changed"]),
    Turn("cancelTechnologyContract", "office", {**WHY, "cancelled_on": "2020-06-30"},
         on="contract",
         tells=["parks.technology_contract.cancelled", "parks.park_metric.changed"]),
    Turn("createRdProject", "office", PROJECT, keep="project",
         tells=["parks.rd_project.changed"]),
    Turn("createRdProjects", "office",
         {"items": [{**PROJECT, "number": "XM2020-2", "started_on": "2020-01-06"}]},
         tells=["parks.rd_project.changed", "parks.park_metric.changed"]),
    Turn("importRdProjects", "office", file=table({**PROJECT, "number": "XM2020-3"}),
         tells=["parks.rd_project.changed"]),
    Turn("updateRdProject", "office", {"title": "新的研发项目"}, on="project",
         tells=["parks.rd_project.changed"]),
    Turn("startRdProject", "office", {"started_on": "2020-01-06"}, on="project",
         tells=["parks.rd_project.changed", "parks.park_metric.changed"]),
    Turn("reportRdProjectResult", "office", {"year": 2020, **FIGURES},
         path={"project_id": "{project[id]}"}, keep="result"),
    Turn("returnRdProjectResult", "park_admin", {"reason": "请核对"}, on="result"),
    Turn("updateRdProjectResult", "office", {"investment": "8100"}, on="result"),
    Turn("submitRdProjectResult", "office", on="result"),
    Turn("verifyRdProjectResult", "park_admin", on="result",
         tells=["parks.rd_project.reported", "parks.park_metric.changed"]),
    Turn("getRdProject", "office", on="project", keep="project"),
    Turn("completeRdProject", "office", ENDED, on="project",
         tells=["parks.rd_project.changed"]),
    Turn("createRdProject", "office", {**PROJECT, "number": "XM2020-4"}, keep="given_up",
         tells=["parks.rd_project.changed"]),
    Turn("terminateRdProject", "office", ENDED, on="given_up",
         tells=["parks.rd_project.changed"]),
    Turn("createAchievement", "office", ACHIEVEMENT, keep="achievement",
         tells=["parks.achievement.registered", "parks.park_metric.changed"]),
    Turn("createAchievements", "office", {"items": [{**ACHIEVEMENT, "title": "另一成果"}]},
         tells=["parks.achievement.registered", "parks.park_metric.changed"]),
    Turn("importAchievements", "office", file=table({**ACHIEVEMENT, "title": "第三成果"}),
         tells=["parks.achievement.registered", "parks.park_metric.changed"]),
    Turn("updateAchievement", "office", {"amount": "160"}, on="achievement",
         tells=["parks.achievement.changed"]),
    Turn("withdrawAchievement", "office", {"reason": "重复登记"}, on="achievement",
         tells=["parks.achievement.changed", "parks.park_metric.changed"]),
    Turn("createGradeApplication", "park_admin", NATIONAL, keep="application"),
    Turn("addGradeApplicationFile", "park_admin", on="application", keep="evidence", **EVIDENCE),
    Turn("removeGradeApplicationFile", "park_admin", on="evidence", path=OF_APPLICATION),
    Turn("addGradeApplicationFile", "park_admin", on="application", keep="evidence", **EVIDENCE),
    Turn("submitGradeApplication", "park_admin", APPLIED, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("reviewGradeApplication", "office", on="application",
         tells=["parks.grade_application.changed"]),
    Turn("returnGradeApplication", "office", {"reason": "请补正"}, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("submitGradeApplication", "park_admin", APPLIED, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("reviewGradeApplication", "office", on="application",
         tells=["parks.grade_application.changed"]),
    Turn("refuseGradeApplication", "office", {"reason": "未达标"}, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("createGradeApplication", "park_admin", NATIONAL, keep="application"),
    Turn("withdrawGradeApplication", "park_admin", {"reason": "暂缓"}, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("createGradeApplication", "park_admin", NATIONAL, keep="application"),
    Turn("addGradeApplicationFile", "park_admin", on="application", **EVIDENCE),
    Turn("submitGradeApplication", "park_admin", APPLIED, on="application",
         tells=["parks.grade_application.changed"]),
    Turn("reviewGradeApplication", "office", on="application",
         tells=["parks.grade_application.changed"]),
    Turn("grantGradeApplication", "office", {"obtained_on": "2021-06-30", "document_no": "1号"},
         on="application",
         tells=["parks.grade_application.changed", "parks.park.grade_obtained"]),
    Turn("createOperatingReturn", "office", filed("01"), keep="return"),
    Turn("importOperatingReturns", "office",
         file=table({"enterprise_id": "{enterprise[id]}", "period": "2020-04", **MONTH})),
    Turn("createOperatingReturns", "office", {"items": [filed("02"), filed("03")]}),
    Turn("createOperatingReturn", "office", filed("05"), keep="other"),
    Turn("submitOperatingReturns", "office",
         {"items": [{"return_id": "{other[id]}", "version": 1}]}),
    Turn("acceptOperatingReturns", "park_admin",
         {"items": [{"return_id": "{other[id]}", "version": 2}]},
         tells=["parks.operating_return.accepted", "parks.park_metric.changed"]),
    Turn("submitOperatingReturn", "office", on="return"),
    Turn("returnOperatingReturn", "park_admin", {"reason": "请核对"}, on="return"),
    Turn("updateOperatingReturn", "office", {"measures": {"employees": 311}}, on="return"),
    Turn("submitOperatingReturn", "office", on="return"),
    Turn("acceptOperatingReturn", "park_admin", on="return",
         tells=["parks.operating_return.accepted", "parks.park_metric.changed"]),
    Turn("restateOperatingReturn", "office", RESTATED, on="return", keep="rejected"),
    Turn("rejectReturnRestatement", "park_admin", {"reason": "依据不足"}, on="rejected"),
    Turn("restateOperatingReturn", "office", RESTATED, on="return", keep="restatement"),
    Turn("acceptReturnRestatement", "park_admin", on="restatement",
         tells=["parks.operating_return.restated", "parks.park_metric.changed"]),
    Turn("createReturnForm", "office", FORM),
    Turn("putReturnRule", "office", RULE, path={"code": "trial-jump"}, keep="rule"),
    Turn("putReturnRule", "office", {**RULE, "highest": "800"}, on="rule"),
    Turn("putParkReturn", "office", {"measures": QUIET},
         path={"code": "trial-park", "period": "2019-12"}, keep="park_return"),
    Turn("putParkReturn", "office", {"measures": QUIET | {"employees": 311}}, on="park_return",
         path={"code": "trial-park", "period": "2019-12"}),
]  # fmt: skip
