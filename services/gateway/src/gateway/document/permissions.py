"""`docs/permissions.md`: who may do what, as the API document says it, for people to review.

A table a resource: operation × role, with the relations of the caller's unit to the object's unit
that are enough. `tests/test_authorisation.py` of every service calls each cell of it.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from gateway.document.domain import Document

ROLES = {
    "office": "办公室",
    "leader": "领导",
    "group_lead": "工作组",
    "unit_reporter": "填报人",
    "park_admin": "园区",
    "enterprise": "企业",
    "finance_maker": "经办",
    "finance_checker": "复核",
    "finance_payer": "支付",
    "expert": "评审专家",
    "auditor": "审计",
    "system": "系统",
    "ops": "运维",
}
RESOURCES = {
    "acceptances": "验收",
    "accounts": "账户",
    "achievements": "科技成果",
    "adjustments": "预算调整",
    "agreements": "任务书",
    "annual-work-plans": "年度进展计划",
    "applications": "申请",
    "appropriations": "拨款",
    "assessment-appeals": "考核申诉",
    "assessment-schemes": "考核办法",
    "assessment-scores": "考核得分",
    "assessments": "考核",
    "assignment-coverage": "分解覆盖",
    "assignments": "目标分解",
    "audit-entries": "审计记录",
    "awards": "立项",
    "budgets": "预算",
    "bulletin-deliveries": "简报发送",
    "bulletins": "简报",
    "calendar": "工作日历",
    "carry-overs": "结转",
    "checklist-templates": "检查清单",
    "clients": "接入客户端",
    "conflicts": "方案矛盾",
    "counterpart-reports": "配套投入",
    "disbursements": "拨付",
    "enterprises": "企业",
    "events": "事件",
    "execution-board": "执行看板",
    "extension-requests": "延期申请",
    "fiscal-years": "财政年度",
    "funding-calls": "申报通知",
    "funding-rules": "资金规则",
    "funds": "专项资金",
    "grade-applications": "园区级别申报",
    "grade-criteria": "园区级别条件",
    "implementation-plans": "实施方案",
    "indicator-board": "指标看板",
    "indicators": "指标",
    "industries": "行业分类",
    "innovation-awards": "自主创新奖励",
    "inspections": "检查",
    "interest-subsidies": "贷款贴息",
    "jobs": "批量作业",
    "journal-entries": "分录",
    "key-tasks": "重点工作",
    "leverage": "带动比",
    "meetings": "例会",
    "missing-returns": "应报未报",
    "objections": "异议",
    "operating-returns": "经营报表",
    "overview": "总览",
    "park-metrics": "园区汇总指标",
    "parked-events": "搁置事件",
    "parks": "园区",
    "patent-subsidies": "专利资助",
    "payee-accounts": "收款账户",
    "payment-batches": "支付批次",
    "payment-holds": "暂停拨付",
    "payment-results": "支付结果",
    "performance-evaluations": "绩效评价",
    "plan-requests": "方案报送要求",
    "platform-grants": "平台补助",
    "platforms": "创新平台",
    "programmes": "工程",
    "progress-reports": "进度填报",
    "public-notices": "公示",
    "rd-projects": "研发项目",
    "recipient-groups": "报送对象",
    "recognitions": "认定",
    "refunds": "退款",
    "reminders": "催办",
    "reporting-periods": "报告期",
    "return-forms": "报表表式",
    "return-rules": "报表审核关系",
    "reviews": "评审",
    "status-board": "红绿灯",
    "supervision-board": "督办看板",
    "supervision-items": "督办事项",
    "support-rates": "支持标准",
    "technology-contracts": "技术合同",
    "templates": "模板",
    "transfers": "预算调剂",
    "trial-balance": "试算平衡表",
    "units": "单位",
    "webhooks": "回调",
    "work-reports": "工作汇报",
    "working-groups": "工作组",
    "year-closes": "年度结账",
}
WORDS: Mapping[frozenset[str], str] = {
    frozenset(): "",
    frozenset({"own"}): "own 本单位",
    frozenset({"own", "child"}): "below 及下级",
    frozenset({"own", "child", "parent", "other"}): "all 全部",
}
HEAD = """\
# 权限矩阵 · Permissions

Generated from the API document by `make openapi`; every cell is called by a test
(`services/*/tests/test_authorisation.py`). 本表由接口文档生成，每一格都有测试。

| | 含义 | meaning |
|---|---|---|
| `all` | 任何单位的对象 | objects of any unit, and of none |
| `below` | 本单位及其下级单位、所在工作组成员单位的对象 | objects of the caller's own unit and of \
the units below it, or in its working group |
| `own` | 仅本单位的对象 | objects of the caller's own unit |
| | 不允许：403 `forbidden` | not allowed: 403 `forbidden` |

A list shows exactly the objects that may be read one by one. A caller of the role `system` needs
the permission as a scope as well (its name, `<resource>.*` or `*.<verb>`). What the state of an
object allows comes on top (409), and so does the separation of duties (403 `separation_of_duties`).
Events are shown by the permission each of them names, webhooks to the client they belong to.
列表只含可以单独读取的对象；`system` 还需要相应的 scope；对象状态（409）与岗位分离（403）另行检查；
事件按各自声明的权限显示，回调只属于创建它的客户端。
"""


def text(document: Document) -> str:
    """The whole page, resources and operations in alphabetical order.

    Raises:
        KeyError: a role, a resource or a set of relations that has no name here.
    """
    found = sorted(
        (spec["tags"][0], path, method, spec["x-permission"])
        for path, item in document["paths"].items()
        for method, spec in item.items()
        if spec.get("x-permission")
    )
    sections = (
        section(document, tag, [(path, method, name) for _, path, method, name in of_tag])
        for tag, of_tag in groupby(found, lambda each: each[0])
    )
    return "\n".join([HEAD, *sections])


def section(document: Document, tag: str, operations: Iterable[tuple[str, str, str]]) -> str:
    """One resource's table; its columns are the roles that have a right to any of it."""
    rules: Mapping[str, Mapping[str, list[str]]] = document["x-permissions"]
    rows = list(operations)
    unnamed = {role for *_, name in rows for role in rules[name]} - ROLES.keys()
    if unnamed:
        raise KeyError(*unnamed)
    roles = [role for role in ROLES if any(role in rules[name] for *_, name in rows)]
    lines = [
        f"## {RESOURCES[tag]} · {tag}",
        "",
        line("操作 operation", "权限 permission", *(f"{ROLES[one]} `{one}`" for one in roles)),
        line(*["---"] * (len(roles) + 2)),
    ]
    for path, method, name in rows:
        cells = (WORDS[frozenset(rules[name].get(role, ()))] for role in roles)
        lines.append(line(f"`{method.upper()} {path}`", f"`{name}`", *cells))
    return "\n".join([*lines, ""])


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
