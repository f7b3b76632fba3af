"""Turns of the supervision: what recurs, what is reported, and items to their end."""

from typing import Any

from tests.journeys.turns.turn import Look, Turn, table

RECURRING = {
    "programme": "trial-programme",
    "months": [*range(1, 13)],
    "days_of_month": [15],
    "starts_on": "2020-01-01",
}
PLAN = {
    **RECURRING,
    "name_zh": "试验检查",
    "name_en": "Trial inspection",
    "cadence": "monthly",
    "organiser_unit": "headquarters",
    "scope_units": ["gangqu-admin"],
    "checklist": [{"code": "records", "text_zh": "台账", "text_en": "Records"}],
}
SERIES = {
    **RECURRING,
    "name_zh": "试验例会",
    "name_en": "Trial meeting",
    "cadence": "monthly",
    "convener_unit": "programme-office",
    "participant_units": ["group-3", "group-4"],
    "headings": [{"code": "progress", "name_zh": "进度", "name_en": "Progress"}],
}
GROUP = {
    "programme": "trial-programme",
    "kind": "superior_city",
    "delivery": "main",
    "name_zh": "试验对象",
    "name_en": "Trial recipients",
    "members": [{"name_zh": "市科技局", "name_en": "Bureau", "unit": "st-bureau"}],
}
EXTENSION = {"item_id": "{extended[id]}", "workdays": 5, "reason": "设备未到"}
RULE = {
    "name_zh": "逾期二十个工作日报办公室",
    "name_en": "Twenty workdays late, to the office",
    "offset_workdays": 20,
    "audience": "office",
}
BULLETIN = {
    "programme": "trial-programme",
    "title": "试验简报",
    "period_start": "2024-07-01",
    "period_end": "2024-09-30",
    "recipient_groups": ["trial-list"],
}
CHECKLIST = {"name_zh": "清单", "name_en": "Checklist", "checks": PLAN["checklist"]}
SCHEME = {
    "programme": "trial-programme",
    "name_zh": "试验考核办法",
    "name_en": "Trial scheme",
    "criteria": [
        {
            "code": "rectification",
            "name_zh": "整改",
            "name_en": "Rectification",
            "measure": "deduction",
            "full_marks": "100",
            "weight": "100",
            "deductions": [{"record": "item_returned", "points": "2"}],
        }
    ],
}
ASSESSMENT = {
    "title": "试验考核",
    "scheme_code": "trial-scheme",
    "period_start": "2024-01-01",
    "period_end": "2099-12-31",
    "units": ["gangqu-admin"],
}
APPEAL = {
    "assessment_id": "{assessment[id]}",
    "unit_code": "gangqu-admin",
    "criterion_code": "rectification",
    "reason": "已按期整改",
}
FINDING = {"text": "台账不符", "unit_code": "gangqu-admin", "rectify": True}
DECISION = {"text": "补齐报表", "responsible_unit": "gangqu-admin", "supervise": True}
ITEM = {"title": "试验事项", "description": "试验", "responsible_unit": "gangqu-admin"}
ASKED = {
    "programme": "trial-programme",
    "kind": "implementation_plan",
    "title": "报送试验方案",
    "units": ["gangqu-admin"],
}
PLAN_PDF = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HANDED_IN = {"title": "试验方案", "summary": "分四步推进"}
MEASURED = {**ITEM, "indicator_code": "trial-indicator"}


def work_report(unit: str) -> dict[str, Any]:
    headings = ("progress", "results", "good_practice", "problems", "proposals")
    return dict.fromkeys(headings, "无") | {"meeting_id": "{meeting[id]}", "unit_code": unit}


def plan_turns(kind: str, name: str, resource: str) -> list[Turn | Look]:
    """A plan from its request to its revision."""
    asked = ASKED | {"kind": kind} | ({"year": 2031} if kind == "annual_work_plan" else {})
    attach = Turn(
        f"add{name}File",
        "park_admin",
        path={"plan_id": f"{{{kind}[id]}}"},
        keep=f"{kind}_file",
        file=PLAN_PDF,
        file_type="application/pdf",
    )
    submit = Turn(
        f"submit{name}", "park_admin", HANDED_IN, on=kind, tells=["supervision.unit_plan.submitted"]
    )
    again = {"file": f"{PLAN_PDF}%2", "file_type": "application/pdf"}
    path = {"plan_id": f"{{{kind}[id]}}"}
    return [
        Turn("createPlanRequest", "office", asked, keep=f"{kind}_asked",
             tells=["supervision.unit_plan.requested"]),
        Look(kind, "office", resource, {"request_id": f"{{{kind}_asked[id]}}"}),
        attach,
        Turn(f"remove{name}File", "park_admin",
             path={**path, "file_id": f"{{{kind}_file[id]}}"}),
        attach,
        submit,
        Turn(f"return{name}", "group_lead", {"reason": "请补充"}, on=kind,
             tells=["supervision.unit_plan.returned"]),
        Turn(f"add{name}File", "park_admin", path=path, **again),
        submit,
        Turn(f"review{name}", "group_lead", {"note": "一致"}, on=kind),
        Turn(f"approve{name}", "leader", {"note": "同意"}, on=kind,
             tells=["supervision.unit_plan.approved"]),
        Turn(f"revise{name}", "park_admin", {"reason": "年中调整"}, on=kind),
    ]  # fmt: skip


NOTICE = {"document_no": "国办发明电〔2040〕1号", "days": [{"day": "2041-01-01", "workday": False}]}
TURNS: list[Turn | Look] = [
    Turn("createCalendarDay", "office", {"day": "2024-06-20", "workday": True},
         tells=["supervision.calendar_day.set"]),
    Turn("createCalendar", "office", {"items": [{"day": "2024-06-21", "workday": False}]},
         tells=["supervision.calendar_day.set"]),
    Turn("importCalendar", "office", file=table({"day": "2024-06-24", "workday": "false"}),
         tells=["supervision.calendar_day.set"]),
    Turn("putCalendarYear", "office", NOTICE, path={"year": "2041"}, keep="year",
         tells=["supervision.calendar_day.set"]),
    Turn("putCalendarYear", "office", {"document_no": "国办发明电〔2040〕2号"}, on="year"),
    *plan_turns("implementation_plan", "ImplementationPlan", "implementation-plans"),
    *plan_turns("annual_work_plan", "AnnualWorkPlan", "annual-work-plans"),
    Turn("createPlanRequest", "office",
         {**ASKED, "programme": "trial-two", "units": ["gangqu-admin"]}, keep="withdrawn_request",
         tells=["supervision.unit_plan.requested"]),
    Turn("cancelPlanRequest", "office", {"reason": "合并报送"}, on="withdrawn_request"),
    Turn("putCalendarDay", "office", {"workday": True, "name": "试验"}, path={"day": "2024-06-19"},
         keep="day", tells=["supervision.calendar_day.set"]),
    Turn("putCalendarDay", "office", {"workday": False, "name": "试验"}, on="day",
         tells=["supervision.calendar_day.set"]),
    Turn("putRecipientGroup", "office", GROUP, path={"code": "trial-list"},
         keep="recipients"),
    Turn("putRecipientGroup", "office", {**GROUP, "name_en": "Recipients"}, on="recipients"),
    Turn("putInspectionPlan", "office", PLAN, path={"code": "trial-inspection"}, keep="plan"),
    Turn("putInspectionPlan", "office", {**PLAN, "name_en": "Inspection"}, on="plan"),
    Turn("putChecklistTemplate", "office", CHECKLIST, path={"code": "trial-list"},
         keep="checklist"),
    Turn("putChecklistTemplate", "office", {**CHECKLIST, "name_en": "Checks"}, on="checklist"),
    Look("inspection", "office", "inspections", {"plan_code": "trial-inspection"}),
    Turn("prepareInspection", "office", {"place": "港区", "checklist_template": "trial-list"},
         on="inspection"),
    Turn("rescheduleInspection", "office", {"scheduled_on": "2098-09-30", "reason": "冲突"},
         on="inspection", tells=["supervision.inspection.rescheduled"]),
    Turn("createInspectionFinding", "office", FINDING, path={"inspection_id": "{inspection[id]}"},
         keep="finding"),
    Turn("addInspectionFindingFile", "office", file=PLAN_PDF, file_type="application/pdf",
         path={"inspection_id": "{inspection[id]}", "finding_id": "{finding[id]}"}, keep="photo"),
    Turn("removeInspectionFindingFile", "office",
         path={"inspection_id": "{inspection[id]}", "finding_id": "{finding[id]}",
               "file_id": "{photo[id]}"}),
    Turn("removeInspectionFinding", "office",
         path={"inspection_id": "{inspection[id]}", "finding_id": "{finding[id]}"}),
    Turn("completeInspection", "office",
         {"completed_on": "2024-07-20", "summary": "正常", "findings": [FINDING]}, on="inspection",
         tells=["supervision.inspection.completed", "supervision.item.opened"]),
    Turn("signInspection", "office", {"opinion": "属实"}, on="inspection",
         tells=["supervision.inspection.signed"]),
    Look("other_inspection", "office", "inspections",
         {"plan_code": "trial-inspection", "status": "planned"}),
    Turn("withdrawInspection", "office", {"reason": "防汛"}, on="other_inspection",
         tells=["supervision.inspection.withdrawn"]),
    Turn("putMeetingSeries", "office", SERIES, path={"code": "trial-meeting"}, keep="series"),
    Turn("putMeetingSeries", "office", {**SERIES, "name_en": "Meeting"}, on="series"),
    Look("meeting", "office", "meetings", {"plan_code": "trial-meeting"}),
    Turn("rescheduleMeeting", "office", {"scheduled_on": "2098-09-30", "reason": "冲突"},
         on="meeting", tells=["supervision.meeting.rescheduled"]),
    Look("other_meeting", "office", "meetings", {"plan_code": "trial-meeting"}),
    Turn("withdrawMeeting", "office", {"reason": "防汛"}, on="other_meeting",
         tells=["supervision.meeting.withdrawn"]),
    Turn("updateMeeting", "office", {"topics": ["研究落后指标"], "place": "第二会议室"},
         on="meeting"),
    Turn("createWorkReport", "office", work_report("group-4"), keep="work"),
    Turn("createWorkReports", "office", {"items": [work_report("group-3")]}),
    Turn("updateWorkReport", "office", {"problems": "一家停产"}, on="work"),
    Turn("holdMeeting", "office",
         {"held_on": "2024-07-15", "minutes": "听取汇报", "attended_units": ["group-4"],
          "decisions": [DECISION]}, on="meeting",
         tells=["supervision.meeting.held", "supervision.item.opened"]),
    Turn("confirmMeeting", "leader", on="meeting",
         tells=["supervision.meeting.minutes_confirmed"]),
    Turn("createSupervisionItem", "office", ITEM, keep="item",
         tells=["supervision.item.opened"]),
    Turn("createSupervisionItems", "office", {"items": [ITEM]},
         tells=["supervision.item.opened"]),
    Turn("importSupervisionItems", "office", file=table(ITEM), tells=["supervision.item.opened"]),
    Turn("putReminderRule", "office", RULE, path={"code": "trial-rule"}, keep="rule"),
    Turn("putReminderRule", "office", {**RULE, "active": False}, on="rule"),
    Turn("remindSupervisionItem", "office", {"note": "请报送进展"}, on="item",
         tells=["supervision.item.reminded"]),
    Turn("createSupervisionItem", "office", ITEM, keep="extended",
         tells=["supervision.item.opened"]),
    Turn("createExtensionRequest", "park_admin", EXTENSION, keep="first_request"),
    Turn("withdrawExtensionRequest", "park_admin", on="first_request"),
    Turn("createExtensionRequest", "park_admin", EXTENSION, keep="second_request"),
    Turn("rejectExtensionRequest", "office", {"reason": "请按期完成"}, on="second_request"),
    Turn("createExtensionRequest", "park_admin", EXTENSION, keep="third_request"),
    Turn("approveExtensionRequest", "office", {"note": "同意"}, on="third_request",
         tells=["supervision.item.deadline_changed"]),
    Turn("createSupervisionItem", "office", ITEM, keep="duplicate",
         tells=["supervision.item.opened"]),
    Turn("mergeSupervisionItem", "office", {"into": "{extended[id]}", "reason": "同一问题"},
         on="duplicate", tells=["supervision.item.closed"]),
    Turn("createSupervisionItem", "office", ITEM, keep="moving",
         tells=["supervision.item.opened"]),
    Turn("transferSupervisionItem", "office",
         {"responsible_unit": "st-bureau", "reason": "职责调整"}, on="moving",
         tells=["supervision.item.transferred"]),
    Turn("acknowledgeSupervisionItem", "park_admin", on="item"),
    Turn("startSupervisionItem", "park_admin", on="item"),
    Turn("submitSupervisionItem", "park_admin", {"rectification": "已补齐"}, on="item"),
    Turn("returnSupervisionItem", "office", {"reason": "请补充"}, on="item"),
    Turn("submitSupervisionItem", "park_admin", {"rectification": "已补充"}, on="item"),
    Turn("reinspectSupervisionItem", "office",
         {"inspected_on": "2024-09-10", "passed": True, "note": "复查合格"}, on="item"),
    Turn("verifySupervisionItem", "office", {"note": "属实"}, on="item"),
    Turn("closeSupervisionItem", "office", {"note": "属实"}, on="item",
         tells=["supervision.item.closed"]),
    Turn("createSupervisionItem", "office", MEASURED, keep="measured",
         tells=["supervision.item.opened"]),
    Turn("acknowledgeSupervisionItem", "park_admin", on="measured"),
    Turn("startSupervisionItem", "park_admin", on="measured"),
    Turn("submitSupervisionItem", "park_admin", {"rectification": "已补齐"}, on="measured"),
    Turn("approveSupervisionItemException", "office", {"reason": "不再测量"}, on="measured"),
    Turn("cancelSupervisionItem", "office", {"reason": "重复"}, on="measured",
         tells=["supervision.item.closed"]),
    Turn("createBulletin", "office", BULLETIN, keep="bulletin"),
    Turn("updateBulletin", "office", {"title": "试验简报之一"}, on="bulletin"),
    Turn("freezeBulletin", "office", on="bulletin"),
    Turn("submitBulletin", "office", on="bulletin"),
    Turn("returnBulletin", "leader", {"reason": "请补充"}, on="bulletin"),
    Turn("submitBulletin", "office", on="bulletin"),
    Turn("reviewBulletin", "leader", {"note": "同意"}, on="bulletin"),
    Turn("issueBulletin", "office", on="bulletin", tells=["supervision.bulletin.issued"]),
    Look("delivery", "office", "bulletin-deliveries", {"group_code": "trial-list"}),
    Turn("receiveBulletinDelivery", "office", {"note": "收悉"}, on="delivery",
         tells=["supervision.bulletin_delivery.received"]),
    Turn("withdrawBulletin", "office", {"reason": "数据有误"}, on="bulletin",
         tells=["supervision.bulletin.withdrawn"]),
    Turn("putAssessmentScheme", "office", SCHEME, path={"code": "trial-scheme"}, keep="scheme"),
    Turn("putAssessmentScheme", "office", {**SCHEME, "appeal_workdays": 5}, on="scheme"),
    Turn("createAssessment", "office", ASSESSMENT, keep="assessment"),
    Turn("computeAssessment", "office", {"refresh": True}, on="assessment"),
    Turn("publishAssessment", "leader", on="assessment",
         tells=["supervision.assessment.published"]),
    Turn("createAssessmentAppeal", "park_admin", APPEAL, keep="appeal"),
    Turn("ruleAssessmentAppeal", "office",
         {"upheld": True, "points": "2", "ruling": "属实"}, on="appeal",
         tells=["supervision.assessment_appeal.ruled"]),
    Turn("createBulletin", "office", BULLETIN, keep="given_up"),
    Turn("cancelBulletin", "office", {"reason": "并入下期"}, on="given_up"),
]  # fmt: skip
