"""The programme: who leads it, its cadences and its standing rules."""

from typing import Literal

from kechuang.plan.schema.common import Code, Entry, Strict, Text

RuleCadence = Literal[
    "on_call", "once", "half_monthly", "monthly", "quarterly", "yearly", "continuous"
]


class Cadences(Strict):
    """How often the three standing systems run."""

    inspection: Literal["monthly"]
    meeting: Literal["half_monthly"]
    bulletin: Literal["half_monthly", "monthly", "quarterly"]


class StandingRule(Entry):
    """A duty that holds for the whole programme, such as the monthly inspection."""

    cadence: RuleCadence
    owner_unit: Code
    text: Text


class Programme(Entry):
    description: Text
    lead_unit: Code
    office_unit: Code
    cadences: Cadences
    standing_rules: tuple[StandingRule, ...]
