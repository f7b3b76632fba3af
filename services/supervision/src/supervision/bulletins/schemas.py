"""Bodies of bulletins."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from servicekit.http.paging import Page
from servicekit.types import Actor, ApiModel, Code, LongText, Moment, Quantity, Text, absent

from supervision.bulletins.domain import ISSUER, MASTHEAD, BulletinState, SectionCode
from supervision.calendar.schemas import CivilDate

Groups = Annotated[
    list[Code],
    Field(min_length=1, max_length=50, examples=[["superior-city", "four-leading-bodies"]]),
]
CutOff = Annotated[
    Moment | None,
    Field(
        description="When the data is cut by itself; without one somebody has to freeze it.",
        examples=["2026-09-30T16:00:00Z"],
    ),
]
Headline = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class BulletinCreate(ApiModel):
    """A bulletin about a period, for these groups of recipients."""

    programme: Code = Field(examples=["innovation-programme"])
    title: Text = Field(examples=["关于科技自主创新工程三季度进展情况的通报"])
    period_start: CivilDate = Field(examples=["2026-07-01"])
    period_end: CivilDate = Field(examples=["2026-09-30"])
    recipient_groups: Groups
    cut_off_at: CutOff = None
    masthead: Headline = Field(default=MASTHEAD, description="The red head.")
    issuer: Headline = Field(default=ISSUER)


class BulletinSectionText(ApiModel):
    code: SectionCode
    text: LongText = Field(examples=["三季度各项指标总体平稳。"])


class BulletinUpdate(ApiModel):
    """Merge patch: absent keeps. The text of the sections that are named is replaced; the tables
    under them show the figures and are not edited."""

    title: Text = Field(default_factory=absent, examples=["关于三季度进展情况的通报"])
    recipient_groups: Groups = Field(default_factory=absent)
    cut_off_at: CutOff = None
    sections: Annotated[list[BulletinSectionText], Field(max_length=6)] = Field(
        default_factory=absent
    )


class BulletinReason(ApiModel):
    """Why a bulletin goes back, is withdrawn or is cancelled."""

    reason: LongText = Field(examples=["二、（三）数据有误，另行印发。"])


class BulletinReview(ApiModel):
    """What the reviewer says; may be left out."""

    note: LongText | None = Field(default=None, examples=["同意印发。"])


class BulletinSection(ApiModel):
    code: SectionCode
    title: str = Field(examples=["进展情况"])
    text: str = Field(examples=["工程40项指标中，绿灯30项。"])


class BulletinRecipient(ApiModel):
    """An addressee as the group had it when the bulletin was issued."""

    group_code: str = Field(examples=["superior-city"])
    name_zh: str = Field(examples=["郑州市科学技术局"])
    name_en: str = Field(examples=["Zhengzhou Science and Technology Bureau"])
    unit: str | None = Field(examples=["st-bureau"])
    delivery: str = Field(description="`main` (主送) or `copy` (抄送).", examples=["main"])


class BulletinRead(ApiModel):
    """A bulletin as it stands."""

    id: UUID
    number: str | None = Field(description="Given when it is issued.", examples=["2026-001"])
    programme: str = Field(examples=["innovation-programme"])
    masthead: str = Field(examples=[MASTHEAD])
    issuer: str = Field(examples=[ISSUER])
    title: str = Field(examples=["关于科技自主创新工程三季度进展情况的通报"])
    period_start: date
    period_end: date
    cut_off_at: datetime | None
    state: BulletinState
    frozen_at: datetime | None = Field(description="The moment its data was cut.")
    sections: list[BulletinSection]
    recipient_groups: list[str] = Field(examples=[["superior-city"]])
    recipients: list[BulletinRecipient]
    editors: list[Actor] = Field(description="Everyone who wrote in it.")
    submitted_by: str | None
    reviewed_by: str | None
    review_note: str | None
    return_reason: str | None
    issued_by: str | None
    issued_on: date | None
    pdf_sha256: str | None = Field(description="Of the file as it was issued.")
    docx_sha256: str | None
    withdrawn_by: str | None
    withdraw_reason: str | None
    cancel_reason: str | None
    version: int = Field(examples=[1])
    created_at: datetime
    updated_at: datetime


class BulletinPage(Page[BulletinRead]):
    """Bulletins, the newest first."""


class BulletinIndicator(ApiModel):
    """An indicator as the status board had it at the cut-off."""

    indicator_code: str = Field(examples=["high-tech-value-added"])
    name: str = Field(examples=["高新技术产业增加值"])
    unit: str = Field(examples=["亿元"])
    lead_unit: str | None = Field(examples=["st-bureau"])
    period: str | None = Field(examples=["2026-09"])
    actual: Quantity | None
    expected: Quantity | None
    status: str = Field(examples=["amber"])


class BulletinStatusChange(ApiModel):
    indicator_code: str = Field(examples=["high-tech-value-added"])
    name: str = Field(examples=["高新技术产业增加值"])
    period: str = Field(examples=["2026-09"])
    previous_status: str = Field(examples=["green"])
    status: str = Field(examples=["red"])
    reason_zh: str = Field(examples=["截至 2026 年 9 月实际 36.1 亿元，应达 38.5 亿元"])
    reason_en: str = Field(examples=["actual 36.1, expected 38.5 by September 2026"])
    changed_at: datetime


class BulletinBoardRow(ApiModel):
    """The items of a unit as the supervision board had them at the cut-off."""

    unit_code: str = Field(examples=["gangqu-admin"])
    open: int = Field(examples=[4])
    overdue: int = Field(examples=[1])
    red: int = Field(examples=[1])
    amber: int = Field(examples=[1])
    green: int = Field(examples=[2])
    closed: int = Field(examples=[7])
    mean_days_to_close: Quantity | None


class BulletinOverdueItem(ApiModel):
    number: str = Field(examples=["2026-0001"])
    title: str = Field(examples=["补报七月报表"])
    responsible_unit: str = Field(examples=["gangqu-admin"])
    due_on: date


class BulletinReport(ApiModel):
    """What a unit reported to a meeting of the period, the beginning of it."""

    unit_code: str = Field(examples=["group-4"])
    good_practice: str = Field(examples=["园区与高校共建中试基地。"])
    problems: str = Field(examples=["一家企业停产检修。"])


class BulletinFund(ApiModel):
    """A fund's year so far, as the execution board had it; yuan."""

    fund_code: str = Field(examples=["transfer-fund"])
    name: str | None = Field(
        default=None, description="Chinese.", examples=["科技成果转化专项资金"]
    )
    fiscal_year: int = Field(examples=[2026])
    appropriated: Quantity
    disbursed: Quantity
    refunded: Quantity


class BulletinRule(ApiModel):
    rule_code: str = Field(examples=["three-st-expenses-share"])
    name: str | None = Field(default=None, description="Chinese.", examples=["科技三项费占比"])
    fiscal_year: int = Field(examples=[2026])
    kept: bool
    actual: Quantity
    threshold: Quantity
    unit: str = Field(examples=["%"])


class BulletinMetric(ApiModel):
    """A total of the parks' register, of its latest period."""

    metric: str = Field(examples=["sales_revenue.six_parks"])
    name: str | None = Field(default=None, description="Chinese.", examples=["六园区销售收入"])
    period: str = Field(examples=["2026-09"])
    value: Quantity
    unit: str = Field(examples=["万元"])


class BulletinFigures(ApiModel):
    """All data of a bulletin as it was at the cut-off; later corrections do not reach it. Without
    `frozen_at` it is not cut yet: this is what a cut would give now."""

    frozen_at: datetime | None
    indicators: list[BulletinIndicator]
    status_changes: list[BulletinStatusChange]
    board: list[BulletinBoardRow]
    overdue_items: list[BulletinOverdueItem]
    issued_in_period: int = Field(examples=[5])
    closed_in_period: int = Field(examples=[3])
    reports: list[BulletinReport]
    funds: list[BulletinFund]
    rules: list[BulletinRule]
    park_metrics: list[BulletinMetric]
