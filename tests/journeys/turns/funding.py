"""Turns of the money: a fund's year from the budget to what was paid."""

from datetime import timedelta
from typing import Any

from servicekit.clock import china_date

from tests.journeys.turns.turn import Look, Turn, table

FUND = {
    "programme": "trial-programme",
    "kind": "special",
    "name_zh": "试验资金",
    "name_en": "Trial fund",
    "purpose_zh": "试验",
    "purpose_en": "Trial",
    "manager_unit": "st-bureau",
    "counts_towards_floor": False,
}
FISCAL_YEAR = {
    "budget_expenditure": "5000000000.00",
    "three_st_expenses": "110000000.00",
    "science_operating_expenses": "95000000.00",
}
RULE = {
    "programme": "trial-programme",
    "name_zh": "试验规则",
    "name_en": "Trial rule",
    "comparator": "at_least",
    "formula": "three_st_share",
    "inputs": ["budget_expenditure", "three_st_expenses"],
    "funds": [],
    "unit": "%",
    "thresholds": [{"year": 2020, "value": "1"}],
}
ENDS = {"from_year": 2000, "document_no": "新政〔2020〕9号", "reason": "方案期满"}
HIGHER = {**ENDS, "from_year": 2090, "thresholds": [{"year": 2090, "value": "2"}]}
APPROPRIATION = {
    "budget_id": "{budget[id]}",
    "amount": "1000.00",
    "appropriated_on": "2020-03-15",
    "document_no": "新财指〔2020〕9号",
}
AWARD = {
    "budget_id": "{budget[id]}",
    "payee_unit": "zhengli",
    "title": "试验项目",
    "amount": "500.00",
}
PAYMENT = {"award_id": "{award[id]}", "amount": "100.00", "purpose": "首期拨付"}
PAYEE_ACCOUNT = {
    "payee_unit": "zhengli",
    "account_name": "正力实业有限公司",
    "account_number": "1702021409000012345",
    "bank_name": "中国工商银行周口分行",
    "bank_code": "102510000017",
    "reason": "开户许可证核对一致",
}
ANSWER = {
    "batch_number": "{batch[number]}",
    "line_number": 1,
    "amount": "100.00",
    "outcome": "succeeded",
    "paid_on": "2020-04-10",
}
FILED = ["funding.counterpart_report.filed"]
SPENT = {
    "unit_code": "st-bureau",
    "fiscal_year": 2020,
    "period": "2020-Q1",
    "amount": "12000.00",
}
ADJUSTMENT = {
    "budget_id": "{budget[id]}",
    "amount": "100.00",
    "document_no": "新财预〔2020〕30号",
    "reason": "追加",
}
TRANSFER = {
    "from_budget_id": "{budget[id]}",
    "to_budget_id": "{second_line[id]}",
    "amount": "50.00",
    "reason": "调剂",
}
CARRY_OVER = {**ADJUSTMENT, "amount": "10.00", "reason": "结转"}
REFUND = {
    "disbursement_id": "{payment[id]}",
    "amount": "40.00",
    "received_on": "2020-09-02",
    "reason": "退回结余",
}
YEAR_CLOSE = {"fiscal_year": 2018, "document_no": "结〔2018〕1号", "reason": "年终结账"}
REFUSAL = {"refusal": "依据不足"}
PAID = {"outcome": "succeeded", "paid_on": "2020-04-10", "reference": "T-1"}


TODAY = china_date()
CRITERIA = [{"code": "novelty", "name_zh": "创新性", "name_en": "Novelty", "weight": "100"}]
CALL = {
    "budget_id": "{budget[id]}",
    "title": "试验申报通知",
    "summary": "试验",
    "document_no": "新科〔2020〕3号",
    "opens_on": TODAY.isoformat(),
    "closes_on": (TODAY + timedelta(days=1)).isoformat(),
    "min_amount": "10.00",
    "max_amount": "100.00",
    "required_attachments": [{"code": "proposal", "name_zh": "申报书", "name_en": "Proposal"}],
    "rules": [{"rule": "active", "values": []}],
    "criteria": CRITERIA,
    "experts_per_application": 1,
    "pass_score": "60",
    "notice_workdays": 0,
}
APPLICATION = {
    "call_id": "{call[id]}",
    "applicant_unit": "st-bureau",
    "title": "试验申请",
    "summary": "试验",
    "amount": "100.00",
    "contact_name": "某某",
    "contact_phone": "0371-60000000",
}
PDF = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PROOF: dict[str, Any] = {"file": PDF, "file_type": "application/pdf"}
OF_APPLICATION = {"application_id": "{application[id]}"}
WHY = {"reason": "试验"}
REVIEW = {"application_id": "{application[id]}", "expert": "demo-expert", "expert_unit": "sta"}
SCORES = {"scores": [{"criterion": "novelty", "score": "80"}], "comment": "同意"}
OBJECTION = {"notice_id": "{notice[id]}", "objector_unit": "st-bureau", "reason": "试验"}
TRANCHE = {
    "amount": "100.00",
    "milestone": "试验完成",
    "deliverable": "报告",
    "due_on": "2020-12-01",
}


def rate(kind: str, grade: str, **terms: str) -> dict[str, Any]:
    where = {"fiscal_year": 2020, "fund_code": "trial-fund", "line": "one"}
    return {"kind": kind, "grade": grade, **where, **terms}


SUPPORT = {"payee_unit": "st-bureau", "fiscal_year": 2020, "reason": "试验"}
PATENT = {**SUPPORT, "patent_number": "ZL201710123456.0", "title": "试验专利"}
LOAN = {
    **SUPPORT,
    "lender": "试验银行",
    "loan_contract": "试验合同第1号",
    "principal": "10000.00",
    "annual_rate": "4.35",
    "starts_on": "2020-01-01",
    "ends_on": "2020-07-01",
}
PATENTS = [{**PATENT, "patent_number": f"ZL2017101234{end}"} for end in ("57.5", "58.X")]
LOANS = [{**LOAN, "loan_contract": f"试验合同第{number}号"} for number in (2, 3)]
NOMINEE = {"kind": "person", "name": "某某", "id_number": "11010519491231002X"}
INNOVATION = {**SUPPORT, "grade": "first", "achievement": "试验", "nominee": NOMINEE}
PLATFORM = {
    **SUPPORT,
    "grade": "key-laboratory",
    "title": "试验平台",
    "cost": "100.00",
    "own_funds": "60.00",
}


NOMINATIONS = [{**INNOVATION, "nominee": {"kind": "collective", "name": "试验团队"}}]
PLATFORMS = [{**PLATFORM, "title": f"试验平台{number}"} for number in ("二", "三")]


EVALUATION = {
    "award_id": "{done[id]}",
    "summary": "试验",
    "indicators": [
        {
            "code": "output",
            "name_zh": "产值",
            "name_en": "Output",
            "unit": "万元",
            "weight": "100",
            "direction": "at_least",
            "target": "10",
            "actual": "9",
        }
    ],
}


def supported(name: str, body: dict[str, Any], many: str, *more: dict[str, Any]) -> list[Turn]:
    """A support that is rejected, one that is withdrawn, and one that is an award; one of a batch,
    and, where it is offered, one from a file."""
    filed, told = ["funding.support.filed"], ["funding.support.decided"]
    granted = [*told, "funding.award.granted"]
    return [
        Turn(f"create{name}", "unit_reporter", body, keep=name, tells=filed),
        Turn(f"reject{name}", "office", REFUSAL, on=name, tells=told),
        Turn(f"create{name}", "unit_reporter", body, keep=name, tells=filed),
        Turn(f"withdraw{name}", "unit_reporter", REFUSAL, on=name, tells=told),
        Turn(f"create{name}", "unit_reporter", body, keep=name, tells=filed),
        Turn(f"approve{name}", "office", on=name, tells=granted),
        Turn(f"create{many}", "unit_reporter", {"items": [*more[:1]]}, tells=filed),
        *(
            Turn(f"import{many}", "unit_reporter", file=table(each), tells=filed)
            for each in more[1:]
        ),
    ]


def budget(line: str) -> dict[str, Any]:
    return {"fund_code": "trial-fund", "fiscal_year": 2020, "line": line, "amount": "2000.00"}


def decided(name: str, body: dict[str, Any], event: str = "") -> list[Turn]:
    """A document that is rejected, one that is withdrawn, and one that is approved."""
    tells = [f"funding.{event}"] if event else []
    return [
        Turn(f"create{name}", "finance_maker", body, keep=name),
        Turn(f"reject{name}", "finance_checker", REFUSAL, on=name),
        Turn(f"create{name}", "finance_maker", body, keep=name),
        Turn(f"withdraw{name}", "finance_maker", REFUSAL, on=name),
        Turn(f"create{name}", "finance_maker", body, keep=name),
        Turn(f"approve{name}", "finance_checker", on=name, tells=tells),
    ]


def issued(payment: str) -> list[Turn]:
    """A checked payment leaves in a batch of its own."""
    ids = {"disbursement_ids": [f"{{{payment}[id]}}"]}
    return [
        Turn("createDisbursement", "finance_maker", PAYMENT, keep=payment),
        Turn("checkDisbursement", "finance_checker", on=payment),
        Turn("createPaymentBatch", "finance_payer", ids, keep="batch"),
        Turn("issuePaymentBatch", "finance_payer", on="batch",
             tells=["funding.payment_batch.issued"]),
    ]  # fmt: skip


TURNS: list[Turn | Look] = [
    Turn("putFund", "office", FUND, path={"code": "trial-fund"}, keep="fund",
         tells=["funding.fund.changed"]),
    Turn("putFund", "office", {**FUND, "name_en": "Fund"}, on="fund",
         tells=["funding.fund.changed"]),
    Turn("putFundingRule", "office", RULE, path={"code": "trial-rule"}, keep="rule",
         tells=["funding.rule.revised"]),
    Turn("putFundingRule", "office", {**RULE, "name_en": "Rule"}, on="rule",
         tells=["funding.rule.revised"]),
    Turn("createRuleRevision", "finance_maker", HIGHER, on="rule", tells=["funding.rule.revised"]),
    Turn("putFundingRule", "office", RULE, path={"code": "trial-end"}, keep="over",
         tells=["funding.rule.revised"]),
    Turn("endFundingRule", "finance_maker", ENDS, on="over", tells=["funding.rule.revised"]),
    Turn("putFiscalYear", "finance_maker", FISCAL_YEAR, path={"year": "2020"}, keep="year",
         tells=["funding.fiscal_year.executed", "funding.rule.measured"]),
    Turn("putFiscalYear", "finance_maker", {**FISCAL_YEAR, "three_st_expenses": "120000000.00"},
         on="year", tells=["funding.fiscal_year.executed", "funding.rule.measured"]),
    Turn("createBudget", "finance_maker", budget("one"), keep="budget"),
    Turn("createBudgets", "finance_maker", {"items": [budget("two"), budget("three")]}),
    Turn("approveBudget", "finance_checker", {"document_no": "新财预〔2020〕7号"}, on="budget"),
    Turn("createBudget", "finance_maker", budget("four"), keep="second_line"),
    Turn("approveBudget", "finance_checker", {"document_no": "新财预〔2020〕8号"},
         on="second_line"),
    *decided("Adjustment", ADJUSTMENT, "adjustment.approved"),
    *decided("Transfer", TRANSFER, "transfer.approved"),
    Turn("createAppropriation", "finance_maker", APPROPRIATION,
         tells=["funding.appropriation.made"]),
    Turn("createAppropriations", "finance_maker", {"items": [APPROPRIATION]},
         tells=["funding.appropriation.made"]),
    Turn("createAward", "office", AWARD, keep="award", tells=["funding.award.granted"]),
    Turn("createAwards", "office", {"items": [AWARD]}, tells=["funding.award.granted"]),
    Turn("createAward", "office", AWARD, keep="second", tells=["funding.award.granted"]),
    Turn("cancelAward", "office", {"reason": "撤销立项"}, on="second"),
    Turn("putSupportRate", "office", rate("patent_subsidy", "invention", amount="80.00"),
         path={"code": "trial-patent"}, keep="rate"),
    Turn("putSupportRate", "office", rate("patent_subsidy", "invention", amount="90.00"),
         on="rate"),
    Turn("putSupportRate", "office", rate("interest_subsidy", "loan", share="50", cap="1000.00"),
         path={"code": "trial-loan"}),
    Turn("putSupportRate", "office", rate("innovation_award", "first", amount="50.00"),
         path={"code": "trial-first"}),
    Turn("putSupportRate", "office",
         rate("platform_grant", "key-laboratory", share="40", cap="40.00"),
         path={"code": "trial-platform"}),
    *supported("PatentSubsidy", PATENT, "PatentSubsidies", *PATENTS),
    *supported("InterestSubsidy", LOAN, "InterestSubsidies", *LOANS),
    *supported("InnovationAward", INNOVATION, "InnovationAwards", *NOMINATIONS),
    *supported("PlatformGrant", PLATFORM, "PlatformGrants", *PLATFORMS),
    Turn("createDisbursement", "finance_maker", PAYMENT, keep="payment"),
    Turn("createDisbursements", "finance_maker", {"items": [PAYMENT]}),
    Turn("checkDisbursement", "finance_checker", on="payment"),
    Turn("payDisbursement", "finance_payer", on="payment"),
    Turn("settleDisbursement", "finance_payer", PAID, on="payment",
         tells=["funding.disbursement.succeeded"]),
    *decided("Refund", REFUND, "refund.received"),
    Turn("putFiscalYear", "finance_maker", FISCAL_YEAR, path={"year": "2021"},
         tells=["funding.fiscal_year.executed"]),
    *decided("CarryOver", CARRY_OVER, "carry_over.approved"),
    Turn("putFiscalYear", "finance_maker", FISCAL_YEAR, path={"year": "2018"},
         tells=["funding.fiscal_year.executed"]),
    *decided("YearClose", YEAR_CLOSE, "fiscal_year.closed"),
    Turn("createDisbursement", "finance_maker", PAYMENT, keep="rejected"),
    Turn("rejectDisbursement", "finance_checker", {"reason": "账户不符"}, on="rejected"),
    Turn("createDisbursement", "finance_maker", PAYMENT, keep="waiting"),
    Turn("checkDisbursement", "finance_checker", on="waiting"),
    *decided("PayeeAccount", PAYEE_ACCOUNT),
    Turn("createPaymentBatch", "finance_payer", {"filter": {"fund_code": "trial-fund"}},
         keep="batch"),
    Turn("cancelPaymentBatch", "finance_payer", {"reason": "重新组批"}, on="batch"),
    Look("released", "auditor", "disbursements",
         {"state": "checked", "award_id": "{award[id]}"}),
    Turn("payDisbursement", "finance_payer", on="released"),
    Turn("settleDisbursement", "finance_payer", {"outcome": "failed", "reason": "账号错误"},
         on="released", tells=["funding.disbursement.failed"]),
    Turn("retryDisbursement", "finance_maker", {}, on="released", keep="again"),
    Turn("rejectDisbursement", "finance_checker", {"reason": "账户未改"}, on="again"),
    *issued("by_result"),
    Turn("createPaymentResult", "finance_payer", {**ANSWER, "outcome": "failed"},
         tells=["funding.disbursement.failed", "funding.payment_batch.settled"]),
    *issued("by_batch"),
    Turn("createPaymentResults", "finance_payer", {"items": [ANSWER]},
         tells=["funding.disbursement.succeeded", "funding.payment_batch.settled"]),
    *issued("by_file"),
    Turn("importPaymentResults", "finance_payer", file=table(ANSWER),
         tells=["funding.disbursement.succeeded", "funding.payment_batch.settled"]),
    Turn("createFundingCall", "office", CALL, keep="call"),
    Turn("updateFundingCall", "office", {"title": "试验通知"}, on="call"),
    Turn("publishFundingCall", "office", on="call", tells=["funding.funding_call.opened"]),
    Turn("createApplication", "unit_reporter", APPLICATION, keep="application"),
    Turn("updateApplication", "unit_reporter", {"title": "试验项目"}, on="application"),
    Turn("addAttachment", "unit_reporter", on="application", keep="attachment", **PROOF),
    Turn("removeAttachment", "unit_reporter", on="attachment", path=OF_APPLICATION),
    Turn("cancelFundingCall", "office", WHY, on="call",
         tells=["funding.funding_call.cancelled", "funding.application.cancelled"]),
    Turn("createFundingCall", "office", {**CALL, "required_attachments": []}, keep="call"),
    Turn("publishFundingCall", "office", on="call", tells=["funding.funding_call.opened"]),
    Turn("createApplication", "unit_reporter", APPLICATION, keep="application"),
    Turn("submitApplication", "unit_reporter", on="application",
         tells=["funding.application.submitted"]),
    Turn("returnApplication", "office", WHY, on="application",
         tells=["funding.application.returned"]),
    Turn("submitApplication", "unit_reporter", on="application",
         tells=["funding.application.submitted"]),
    Turn("acceptApplication", "office", on="application",
         tells=["funding.application.accepted"]),
    Turn("createApplication", "unit_reporter", APPLICATION, keep="other"),
    Turn("submitApplication", "unit_reporter", on="other",
         tells=["funding.application.submitted"]),
    Turn("refuseApplication", "office", WHY, on="other", tells=["funding.application.refused"]),
    Turn("createApplication", "unit_reporter", APPLICATION, keep="third"),
    Turn("withdrawApplication", "unit_reporter", WHY, on="third"),
    Turn("closeFundingCall", "office", WHY, on="call", tells=["funding.funding_call.closed"]),
    Turn("createReviews", "office", {"items": [{**REVIEW, "expert": "somebody"}]}),
    Look("revoked", "office", "reviews", {"state": "assigned"}),
    Turn("revokeReview", "office", WHY, on="revoked"),
    Turn("createReview", "office", REVIEW, keep="review"),
    Turn("declareReview", "expert", {"relation": None}, on="review"),
    Turn("scoreReview", "expert", SCORES, on="review", tells=["funding.review.completed"]),
    Turn("rankFundingCall", "office", on="call"),
    Turn("announceFundingCall", "office", on="call", tells=["funding.public_notice.published"]),
    Look("notice", "office", "public-notices", {}),
    Turn("createObjection", "unit_reporter", OBJECTION, keep="objection",
         tells=["funding.objection.raised"]),
    Turn("settleObjection", "office", {"upheld": False, "answer": "不成立"}, on="objection",
         tells=["funding.objection.settled"]),
    Turn("awardFundingCall", "office", on="call", tells=["funding.award.granted"]),
    Look("granted", "office", "awards", {"payee_unit": "st-bureau", "kind": "project_grant"}),
    Turn("createAgreement", "office", {"award_id": "{granted[id]}", "tranches": [TRANCHE]},
         keep="agreement"),
    Turn("updateAgreement", "office", {"tranches": [TRANCHE]}, on="agreement"),
    Turn("offerAgreement", "office", {"document_no": "新科任〔2020〕1号"}, on="agreement"),
    Turn("declineAgreement", "unit_reporter", WHY, on="agreement"),
    Turn("offerAgreement", "office", {"document_no": "新科任〔2020〕1号"}, on="agreement"),
    Turn("signAgreement", "unit_reporter", on="agreement", tells=["funding.agreement.signed"]),
    Look("tranche", "office", "agreements/{agreement[id]}/tranches", {}),
    Turn("reportTranche", "unit_reporter", {"report": "已完成"}, on="tranche"),
    Turn("returnTranche", "office", WHY, on="tranche"),
    Turn("reportTranche", "unit_reporter", {"report": "已完成"}, on="tranche"),
    Turn("acceptTranche", "office", on="tranche", tells=["funding.tranche.accepted"]),
    Turn("createAward", "office", {**AWARD, "payee_unit": "st-bureau", "amount": "10.00"},
         keep="done",
         tells=["funding.award.granted"]),
    Turn("createAcceptance", "unit_reporter", {"award_id": "{done[id]}"}, keep="acceptance"),
    Turn("addAcceptanceFile", "unit_reporter", on="acceptance", keep="proof", **PROOF),
    Turn("removeAcceptanceFile", "unit_reporter", on="proof",
         path={"acceptance_id": "{acceptance[id]}"}),
    Turn("addAcceptanceFile", "unit_reporter", on="acceptance", keep="proof", **PROOF),
    Turn("submitAcceptance", "unit_reporter", {"report": "已完成"}, on="acceptance",
         tells=["funding.acceptance.submitted"]),
    Turn("assignAcceptance", "office", {"experts": ["demo-expert"]}, on="acceptance"),
    Turn("opineAcceptance", "expert", {"verdict": "passed", "comment": "同意"}, on="acceptance"),
    Turn("concludeAcceptance", "office", {"verdict": "passed", "opinion": "同意"},
         on="acceptance", tells=["funding.acceptance.concluded"]),
    Turn("createPerformanceEvaluation", "office", EVALUATION, keep="evaluation"),
    Turn("updatePerformanceEvaluation", "office", {"summary": "试验完成"}, on="evaluation"),
    Turn("publishPerformanceEvaluation", "finance_checker", on="evaluation",
         tells=["funding.performance_evaluation.published"]),
    Turn("createCounterpartReport", "unit_reporter", SPENT, keep="spent", tells=FILED),
    Turn("createCounterpartReports", "unit_reporter",
         {"items": [{**SPENT, "period": "2020-Q2"}]}, tells=FILED),
    Turn("importCounterpartReports", "unit_reporter",
         file=table({**SPENT, "period": "2020-Q3"}), tells=FILED),
    Turn("addCounterpartEvidence", "unit_reporter", on="spent", keep="evidence", **PROOF),
    Turn("removeCounterpartEvidence", "unit_reporter", on="evidence",
         path={"report_id": "{spent[id]}"}),
    Turn("returnCounterpartReport", "office", {"reason": "缺少凭证"}, on="spent",
         tells=["funding.counterpart_report.returned"]),
    Turn("createCounterpartReport", "unit_reporter", {**SPENT, "corrects": "{spent[id]}"},
         keep="again", tells=FILED),
    Turn("verifyCounterpartReport", "office", on="again",
         tells=["funding.counterpart_report.verified"]),
]  # fmt: skip
