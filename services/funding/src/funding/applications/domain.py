"""The life of an application, what makes it complete, and whom personal data is shown.

draft → submitted → accepted | refused, or returned and resubmitted; its unit may withdraw it until
the call is ranked. The award of the call ends it, awarded or declined; so does its cancellation.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    AWARDED = "awarded"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class RankingOutcome(StrEnum):
    """Where the ranking put an application; `struck` is what an upheld objection does."""

    SELECTED = "selected"
    RESERVE = "reserve"
    BELOW = "below"
    STRUCK = "struck"


WAITS = (ApplicationState.SUBMITTED, ApplicationState.RESUBMITTED)
EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
RUNNING = (*EDITABLE, *WAITS, ApplicationState.ACCEPTED)
"""States in which something may still become of it."""
UNDECIDED = (*WAITS, ApplicationState.RETURNED)
"""As long as one is among these, a call is not ranked."""
STEPS = {
    "edit": EDITABLE,
    "submit": EDITABLE,
    "return": WAITS,
    "accept": WAITS,
    "refuse": WAITS,
    "withdraw": RUNNING,
}
CONCLUDED = (ApplicationState.AWARDED, ApplicationState.DECLINED)
"""From then on a unit sees its score and its place with its application."""
GONE = ("draft", "withdrawn", "refused", "declined", "cancelled")
"""States in which it stands in nobody's way: no duplicate of another one."""


class CallNotOpen(Conflict):
    code = "call_not_open"
    zh = "申报通知当前状态为“{state}”，不受理申请"
    en = "The call is {state}; it takes no applications now"


class CallRanked(Conflict):
    code = "call_ranked"
    zh = "申报已进入排序，不能撤回"
    en = "The applications have been ranked; none can be withdrawn"


class ApplicationIncomplete(Unprocessable):
    code = "application_incomplete"
    zh = "申请不完整"
    en = "The application is not complete"


class NotEligible(Conflict):
    code = "not_eligible"
    zh = "申报单位不符合申报条件：{rules}"
    en = "The applicant does not meet the conditions: {rules}"


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def check_complete(
    amount: Decimal,
    low: Decimal,
    high: Decimal,
    required: Iterable[Mapping[str, str]],
    attached: Iterable[str | None],
) -> None:
    """The amount is within the call's, and every required attachment is there.

    Raises:
        ApplicationIncomplete: with everything that is missing.
    """
    wrong: list[FieldError] = []
    if not low <= amount <= high:
        zh, en = f"须在 {low} 至 {high} 元之间", f"It must be from {low} to {high} yuan"
        wrong.append(FieldError("/amount", "amount_out_of_range", zh, en))
    there = set(attached)
    wrong += [
        FieldError(
            f"/attachments/{each['code']}",
            "attachment_missing",
            f"缺少附件“{each['name_zh']}”",
            f"The attachment is missing: {each['name_en']}",
        )
        for each in required
        if each["code"] not in there
    ]
    if wrong:
        raise ApplicationIncomplete(errors=tuple(wrong))


def masked_name(name: str) -> str:
    """`张三` → `张*`."""
    return name[:1] + "*" * (len(name) - 1)


def masked_phone(phone: str) -> str:
    """`13812345678` → `138****5678`; a short one shows nothing."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
