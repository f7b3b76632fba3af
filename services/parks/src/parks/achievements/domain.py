"""What a transferred achievement is, and what of them is counted.

The ways are those of the law on promoting the transfer of achievements (促进科技成果转化法,
第十六条). The plan counts the major ones of its programme since it began (section 三(一)).
"""

from enum import StrEnum

from servicekit.problems import Conflict, InvalidTransition

from parks.metrics.domain import Counted


class AchievementState(StrEnum):
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


class AchievementAction(StrEnum):
    UPDATE = "update"
    WITHDRAW = "withdraw"


STEPS = dict.fromkeys(AchievementAction, frozenset({AchievementState.REGISTERED}))
"""From which states a step is possible: what is withdrawn stays as it was."""
COUNTS = (Counted("count.achievement_transferred", "项"),)
"""The major ones of a programme."""


class AchievementExists(Conflict):
    code = "achievement_exists"
    zh = "该企业已登记同日转化的同名成果：{title}"
    en = "The enterprise has this achievement on this day already: {title}"


def check_step(state: str, action: AchievementAction) -> None:
    """Raises `InvalidTransition` where the step is not possible from here."""
    if state not in STEPS[action]:
        raise InvalidTransition(state=state, action=action)
