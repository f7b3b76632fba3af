"""What a registered technology contract is, and which totals it moves.

Contracts are registered as the measures on it ask (技术合同认定登记管理办法): by kind, with the
amount agreed on and the part of it that is paid for technology. The technology trade volume of a
year is the amount of the contracts registered in it (plan, section 一).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from servicekit.problems import Conflict, FieldError, InvalidTransition, Unprocessable

from parks.metrics.domain import Contribution
from parks.parks.domain import check_not_in_future
from parks.returns.domain import UNIT

TRADE_VOLUME = "technology_trade_volume"


class ContractState(StrEnum):
    REGISTERED = "registered"
    CANCELLED = "cancelled"


class ContractAction(StrEnum):
    CORRECT = "correct"
    CANCEL = "cancel"


STEPS = dict.fromkeys(ContractAction, frozenset({ContractState.REGISTERED}))
"""From which states a step is possible: a cancelled registration stays as it was."""


class ContractRegistered(Conflict):
    code = "technology_contract_registered"
    zh = "登记编号 {number} 的技术合同已登记"
    en = "A technology contract is registered with the number {number} already"


class SellerUnnamed(Unprocessable):
    code = "seller_unnamed"
    zh = "须提供卖方名称，或以 enterprise_id、uscc 指明卖方企业"
    en = "Name the seller: by seller_name, or an enterprise by enterprise_id or uscc"


class AmountsContradict(Unprocessable):
    code = "amounts_contradict"
    zh = "技术交易额不能大于合同成交额"
    en = "What is paid for technology cannot exceed the amount of the contract"


class RegisteredBeforeSigned(Unprocessable):
    code = "registered_before_signed"
    zh = "登记日期不能早于签订日期"
    en = "It cannot be registered before it was signed"


class NothingCorrected(Unprocessable):
    code = "nothing_corrected"
    zh = "更正内容与登记内容相同"
    en = "The correction says what is registered already"


@dataclass(frozen=True, slots=True)
class Volume:
    """What a contract counts for; 万元."""

    registered_on: date
    park_code: str | None
    amount: Decimal


def check_step(state: str, action: ContractAction) -> None:
    """Raises `InvalidTransition` where the step is not possible from here."""
    if state not in STEPS[action]:
        raise InvalidTransition(state=state, action=action)


def check_contract(
    amount: Decimal,
    technology_amount: Decimal | None,
    signed_on: date,
    registered_on: date,
    today: date,
) -> None:
    """The relations between the fields of one contract.

    Raises:
        AmountsContradict: more is paid for technology than in all.
        FutureDate: it is not signed, or not registered, yet.
        RegisteredBeforeSigned.
    """
    if technology_amount is not None and technology_amount > amount:
        raise AmountsContradict().at("/technology_amount")
    check_not_in_future(registered_on, today, "/registered_on")
    if registered_on < signed_on:
        kind = RegisteredBeforeSigned
        raise kind(errors=(FieldError("/registered_on", kind.code, kind.zh, kind.en),))


def moves(gone: Volume | None, come: Volume | None) -> Mapping[str, list[Contribution]]:
    """What is added to which month's totals when a contract counts for `come` and no longer for
    `gone`. What stays as it is moves nothing."""
    added: dict[str, dict[str, Decimal]] = {}
    for volume, sign in ((gone, -1), (come, 1)):
        if volume is not None:
            month = added.setdefault(volume.registered_on.isoformat()[:7], {})
            for metric in metrics_of(volume.park_code):
                month[metric] = month.get(metric, Decimal(0)) + sign * volume.amount
    told = {period: contributions(sums.items()) for period, sums in added.items()}
    return {period: moved for period, moved in told.items() if moved}


def metrics_of(park_code: str | None) -> list[str]:
    """The totals a contract is part of: the city's and its park's."""
    of_park = [] if park_code is None else [f"{TRADE_VOLUME}.park.{park_code}"]
    return [f"{TRADE_VOLUME}.city", *of_park]


def contributions(sums: Iterable[tuple[str, Decimal]]) -> list[Contribution]:
    return [Contribution(metric, UNIT, amount) for metric, amount in sorted(sums) if amount]
