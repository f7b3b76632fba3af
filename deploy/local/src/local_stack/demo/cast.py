"""Who plays in the demo. Everything it writes carries the label, so nobody takes it for real."""

from dataclasses import dataclass
from decimal import Decimal

LABEL = "【演示数据】"
LEAD_UNIT = "st-bureau"
INDICATOR = "high-tech-value-added"
METRIC = "high_tech_value_added.city"


@dataclass(frozen=True, slots=True)
class Member:
    """An enterprise of the programme (plan, section 三(五)). The park is the demo's choice: the
    plan does not say where they are. `weight` is its share of the city's value added."""

    unit: str
    name_zh: str
    name_en: str
    uscc: str
    park: str
    weight: Decimal
    employees: int

    @property
    def files_itself(self) -> bool:
        """The one enterprise with a client of its own; the statistics system files for others."""
        return self.unit == "maizier-sugar"


SMALL = Decimal("0.005")
ENTERPRISES = (
    Member(
        "qingan-chemical",
        "庆安化工高科技",
        "Qing'an Chemical",
        "91410184MADEM0001T",
        "coal-circular",
        1 - 6 * SMALL,
        2150,
    ),
    Member("zhengli", "正力实业", "Zhengli", "91410184MADEM0002X", "chengdong", SMALL, 320),
    Member(
        "dayou-plastics", "大有塑业", "Dayou Plastics", "91410184MADEM00031", "longhu", SMALL, 280
    ),
    Member(
        "tianjin-pharma",
        "天津药业",
        "Tianjin Pharma",
        "91410184MADEM00044",
        "chengbei",
        SMALL,
        410,
    ),
    Member("aoxing", "奥星实业", "Aoxing", "91410184MADEM00057", "xuedian", SMALL, 360),
    Member(
        "haidi-pharma",
        "海缔邦林制药",
        "Haidi Pharma",
        "91410184MADEM0006A",
        "chengbei",
        SMALL,
        190,
    ),
    Member(
        "maizier-sugar", "麦滋尔糖业", "Maizier Sugar", "91410184MADEM0007D", "gangqu", SMALL, 240
    ),
)
"""One has nearly all the weight and is accepted first: a month is judged from its first return
on, and a month that has hardly begun to arrive would look like one that has failed."""

SPECIAL_FUNDS = (
    "transfer-fund",
    "innovation-award-fund",
    "ip-fund",
    "base-conditions-fund",
    "informatisation-fund",
)
"""The five special funds (plan, section 二(七)); the months take turns."""

REPORTED = {
    "iur-special-meetings": ("0", "1", "0", "1"),
    "st-trade-institutions": ("18", "21", "24", "27"),
}
"""What the lead unit reports at the end of each quarter, in the indicator's own unit."""
TRADED = ("1310", "1265", "1290", "1320")
"""The technology contracts registered in each quarter, 万元."""
TRANSFERRED = 4
"""Major achievements that go into use in a quarter."""
FOUNDED = (1, 1, 2, 1)
"""The research bases that are founded in each quarter."""
