"""Figures → sections → official document, without a database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from servicekit.official.document import (
    Block,
    Heading,
    OfficialDocument,
    Paragraph,
    Table,
    chinese_date,
)

from supervision.references.domain import Referred, metric_name, park_of

Figures = Mapping[str, Any]
LIGHTS = {"green": "绿灯", "amber": "黄灯", "red": "红灯", "unknown": "未评价"}
TITLES = {
    "progress": "进展情况",
    "status_changes": "状态变化及原因",
    "good_practice": "典型经验",
    "problems": "存在问题",
    "overdue": "督办及逾期事项",
    "money": "资金情况",
}
"""The sections in their order, by the plan's headings (四)."""
NOTHING = "本期无。"
LONGEST = 10_000
"""Characters of a section's text."""
_NUMERALS = "一二三四五六七八九十"
_SAYS_NOTHING = frozenset({"无", "无。", "暂无", "暂无。", "-", "没有"})


def light_counts(figures: Figures) -> dict[str, int]:
    """How many indicators stand at each light."""
    counts = Counter(row["status"] for row in figures["indicators"])
    return {light: counts[light] for light in LIGHTS}


def board_sums(figures: Figures) -> dict[str, int]:
    """The items of all units together."""
    names = ("open", "overdue", "red", "amber", "green", "closed")
    return {name: sum(row[name] for row in figures["board"]) for name in names}


def units_in(figures: Figures) -> list[str]:
    """The units that are spoken of by their codes."""
    units = {row["unit_code"] for row in (*figures["board"], *figures["reports"])}
    units |= {row["responsible_unit"] for row in figures["overdue_items"]}
    return sorted(units)


def referred_to(figures: Figures) -> set[tuple[str, str]]:
    """Kind and code of what is spoken of and belongs to another service."""
    parks = (park_of(row["metric"]) for row in figures["park_metrics"])
    return {
        *((Referred.FUND.value, row["fund_code"]) for row in figures["funds"]),
        *((Referred.RULE.value, row["rule_code"]) for row in figures["rules"]),
        *((Referred.PARK.value, code) for code in parks if code is not None),
    }


def with_names(figures: Figures, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The figures with the Chinese names of funds, rules and totals beside their codes."""
    parks = {code: name for (kind, code), name in names.items() if kind == Referred.PARK}

    def named(rows: Any, kind: Referred, code: str) -> list[dict[str, Any]]:
        return [{**row, "name": names.get((kind.value, row[code]))} for row in rows]

    metrics = [
        {**row, "name": metric_name(row["metric"], parks)} for row in figures["park_metrics"]
    ]
    return {
        **figures,
        "funds": named(figures["funds"], Referred.FUND, "fund_code"),
        "rules": named(figures["rules"], Referred.RULE, "rule_code"),
        "park_metrics": metrics,
    }


def called(row: Mapping[str, Any], code: str) -> str:
    """The name; the code where nobody has told of one."""
    return row.get("name") or row[code]


def assemble(
    figures: Figures, names: Mapping[str, str], start: date, end: date
) -> list[dict[str, str]]:
    """The sections as they are first written; every number in them is one of the figures."""
    texts = {
        "progress": _progress(figures, start, end),
        "status_changes": _lines(
            f"“{row['name']}”{row['period']}由{LIGHTS[row['previous_status']]}转为"
            f"{LIGHTS[row['status']]}：{row['reason_zh']}。"
            for row in figures["status_changes"]
        ),
        "good_practice": _quotes(figures, names, "good_practice"),
        "problems": _quotes(figures, names, "problems"),
        "overdue": _overdue(figures, names),
        "money": _money(figures),
    }
    return [
        {"code": code, "title": title, "text": texts[code][:LONGEST]}
        for code, title in TITLES.items()
    ]


def _progress(figures: Figures, start: date, end: date) -> str:
    counts = light_counts(figures)
    told = "，".join(f"{LIGHTS[light]}{count}项" for light, count in counts.items())
    total = len(figures["indicators"])
    return (
        f"{chinese_date(start)}至{chinese_date(end)}，工程{total}项指标中，{told}。"
        "各项指标完成情况见表。"
    )


def _quotes(figures: Figures, names: Mapping[str, str], heading: str) -> str:
    return _lines(
        f"{names.get(row['unit_code'], row['unit_code'])}：{row[heading]}"
        for row in figures["reports"]
        if row[heading].strip() not in _SAYS_NOTHING
    )


def _overdue(figures: Figures, names: Mapping[str, str]) -> str:
    sums = board_sums(figures)
    head = (
        f"本期立项督办{figures['issued_in_period']}件、销号{figures['closed_in_period']}件；"
        f"未结{sums['open']}件，其中逾期{sums['overdue']}件、临期{sums['amber']}件。"
    )
    late = (
        f"{row['number']}号“{row['title']}”（"
        f"{names.get(row['responsible_unit'], row['responsible_unit'])}，"
        f"期限{chinese_date(date.fromisoformat(row['due_on']))}）。"
        for row in figures["overdue_items"]
    )
    return "\n".join([head, *late])


def _money(figures: Figures) -> str:
    broken = [row for row in figures["rules"] if not row["kept"]]
    told = [
        f"经费规则“{called(row, 'rule_code')}”未达标：实际{row['actual']}{row['unit']}，"
        f"应达{row['threshold']}{row['unit']}。"
        for row in broken
    ]
    head = "各专项资金本年下达、拨付和退回情况见表。" if figures["funds"] else "本年尚无资金下达。"
    return "\n".join([head, *told])


def _lines(lines: Any) -> str:
    return "\n".join(lines) or NOTHING


def tables_of(code: str, figures: Figures, names: Mapping[str, str]) -> list[Table]:
    """The tables under a section; they show the figures and are edited by nobody."""
    match code:
        case "progress":
            tables = [_indicators(figures), _park_metrics(figures)]
        case "overdue":
            tables = [_board(figures, names)]
        case "money":
            tables = [_funds(figures)]
        case _:
            tables = []
    return [table for table in tables if table.rows]


def _indicators(figures: Figures) -> Table:
    rows = [
        [
            row["name"],
            row["period"] or "—",
            _amount(row["actual"], row["unit"]),
            _amount(row["expected"], row["unit"]),
            LIGHTS[row["status"]],
        ]
        for row in figures["indicators"]
    ]
    return Table(["指标", "报告期", "实际", "应达", "状态"], rows, [5, 2, 3, 3, 2])


def _park_metrics(figures: Figures) -> Table:
    rows = [
        [called(row, "metric"), row["period"], _amount(row["value"], row["unit"])]
        for row in figures["park_metrics"]
    ]
    return Table(["园区指标", "报告期", "数值"], rows, [5, 2, 3])


def _board(figures: Figures, names: Mapping[str, str]) -> Table:
    heads = ["单位", "未结", "红灯", "黄灯", "绿灯", "已销号", "平均天数"]
    counts = ("open", "red", "amber", "green", "closed")
    rows = [
        [
            names.get(row["unit_code"], row["unit_code"]),
            *(str(row[name]) for name in counts),
            row["mean_days_to_close"] or "—",
        ]
        for row in figures["board"]
    ]
    return Table(heads, rows, [6, 2, 2, 2, 2, 2, 3])


def _funds(figures: Figures) -> Table:
    rows = [
        [called(row, "fund_code"), row["appropriated"], row["disbursed"], row["refunded"]]
        for row in figures["funds"]
    ]
    return Table(["专项资金", "下达（元）", "拨付（元）", "退回（元）"], rows, [4, 3, 3, 3])


def _amount(value: str | None, unit: str) -> str:
    return "—" if value is None else f"{value} {unit}"


def blocks_of(
    sections: Sequence[Mapping[str, str]], figures: Figures, names: Mapping[str, str]
) -> list[Block]:
    blocks: list[Block] = []
    for position, section in enumerate(sections):
        blocks.append(Heading(f"{_NUMERALS[position]}、{section['title']}"))
        blocks.append(Paragraph(section["text"]))
        blocks.extend(tables_of(section["code"], figures, names))
    return blocks


def document_of(
    bulletin: Any, issued_on: date, names: Mapping[str, str], *, note: str = ""
) -> OfficialDocument:
    """The bulletin (a row) as it is set. One that has no number yet shows the place for it."""
    year = bulletin.year or issued_on.year
    number = bulletin.issue_no or "　"
    members = bulletin.recipients
    return OfficialDocument(
        masthead=bulletin.masthead,
        number=f"〔{year}〕第{number}期",
        issuer=bulletin.issuer,
        issued_on=issued_on,
        title=bulletin.title,
        recipients=_named(members, "main"),
        blocks=blocks_of(bulletin.sections, bulletin.figures or {}, names),
        copies=_named(members, "copy"),
        note=note,
    )


def _named(members: Sequence[Mapping[str, Any]], delivery: str) -> list[str]:
    named = (each["name_zh"] for each in members if each["delivery"] == delivery)
    return list(dict.fromkeys(named))
