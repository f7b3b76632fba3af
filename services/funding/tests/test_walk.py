"""Random walks of the money over HTTP against a plain model in whole fen."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

STEPS = 40


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@dataclass
class Model:
    """What the books must say. Amounts in fen."""

    amount: int
    appropriated: int = 0
    awards: dict[str, dict[str, int]] = field(default_factory=dict)
    payments: dict[str, tuple[str, int]] = field(default_factory=dict)
    arrived: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def committed(self) -> int:
        return sum(award["amount"] for award in self.awards.values())

    @property
    def disbursed(self) -> int:
        return sum(award["paid"] for award in self.awards.values())


class Walk:
    """One budget line and everything that may happen to it."""

    def __init__(self, house: Any, seed: int) -> None:
        self.house = house
        self.dice = random.Random(seed)
        self.model = Model(self.dice.randint(100, 100_000))
        self.budget = ""
        self.arrivals = 0

    async def run(self) -> None:
        self.budget = (await self.house.approved(yuan(self.model.amount)))["id"]
        moves = [self.appropriate, self.grant, self.ask, self.settle, self.send_back, self.cancel]
        weights = [3, 2, 4, 4, 1, 1]
        for move in self.dice.choices(moves, weights, k=STEPS):
            await move()
            await self.compare()
        await self.house.books_balance()

    def some(self, most: int) -> int:
        """Mostly a part of what is possible, at times all of it or one fen more."""
        parts = [self.dice.randint(1, max(1, most // 3)) for _ in range(6)]
        return self.dice.choice([*parts, max(1, most), most + 1])

    async def appropriate(self) -> None:
        left = self.model.amount - self.model.appropriated
        amount = self.some(left)
        body = self.house.appropriation_body(self.budget, yuan(amount))
        answer = await self.house.post("finance_maker", "/appropriations", body)
        assert answer.is_success == (amount <= left), answer.text
        self.model.appropriated += amount if answer.is_success else 0

    async def grant(self) -> None:
        """Two at once for the same money: the model says how many fit."""
        left = self.model.appropriated - self.model.committed
        amount = self.some(left)
        body = {"budget_id": self.budget, "payee_unit": "st-bureau", "title": "t"}
        body["amount"] = yuan(amount)
        calls = [self.house.post("office", "/awards", body) for _ in range(2)]
        answers = [each for each in await asyncio.gather(*calls) if each.is_success]
        assert len(answers) == min(2, left // amount)
        for answer in answers:
            fresh = {"amount": amount, "requested": 0, "paid": 0}
            self.model.awards[answer.json()["id"]] = fresh

    async def ask(self) -> None:
        if not self.model.awards:
            return
        award_id = self.dice.choice(sorted(self.model.awards))
        award = self.model.awards[award_id]
        left = award["amount"] - award["requested"] - award["paid"]
        amount = self.some(left)
        body = {"award_id": award_id, "amount": yuan(amount)}
        calls = [self.house.post("finance_maker", "/disbursements", body) for _ in range(2)]
        answers = [each for each in await asyncio.gather(*calls) if each.is_success]
        assert len(answers) == min(2, left // amount)
        for answer in answers:
            award["requested"] += amount
            self.model.payments[answer.json()["id"]] = (award_id, amount)

    async def settle(self) -> None:
        if not self.model.payments:
            return
        payment = self.dice.choice(sorted(self.model.payments))
        award_id, amount = self.model.payments.pop(payment)
        outcome = self.dice.choice(["succeeded", "succeeded", "failed", "returned"])
        await self.through_all_hands(payment, {"outcome": outcome, "paid_on": "2026-04-10"})
        self.model.awards[award_id]["requested"] -= amount
        if outcome == "succeeded":
            self.model.awards[award_id]["paid"] += amount
            self.model.arrived[payment] = (award_id, amount)
            self.arrivals += 1

    async def through_all_hands(self, payment: str, result: dict[str, Any]) -> None:
        row = (await self.house.get("auditor", f"/disbursements/{payment}")).json()
        row = (await self.house.step("finance_checker", row, "check")).json()
        row = (await self.house.step("finance_payer", row, "pay")).json()
        answer = await self.house.step("finance_payer", row, "result", result)
        assert answer.is_success, answer.text

    async def send_back(self) -> None:
        if not self.model.arrived:
            return
        payment = self.dice.choice(sorted(self.model.arrived))
        award_id, amount = self.model.arrived.pop(payment)
        row = (await self.house.get("auditor", f"/disbursements/{payment}")).json()
        answer = await self.house.step("finance_payer", row, "result", {"outcome": "returned"})
        assert answer.is_success, answer.text
        self.model.awards[award_id]["paid"] -= amount

    async def cancel(self) -> None:
        if not self.model.awards:
            return
        award_id = self.dice.choice(sorted(self.model.awards))
        award = self.model.awards[award_id]
        now = (await self.house.get("office", f"/awards/{award_id}")).json()
        answer = await self.house.post(
            "office", f"/awards/{award_id}/cancel", {"reason": "r"}, etag=f'"{now["version"]}"'
        )
        assert answer.is_success == (award["requested"] + award["paid"] == 0), answer.text
        if answer.is_success:
            del self.model.awards[award_id]

    async def compare(self) -> None:
        now = (await self.house.get("office", f"/budgets/{self.budget}")).json()
        assert (now["appropriated"], now["committed"], now["disbursed"]) == (
            yuan(self.model.appropriated),
            yuan(self.model.committed),
            yuan(self.model.disbursed),
        )


async def test_the_books_say_what_the_model_says(house: Any) -> None:
    walks = [Walk(house, seed) for seed in range(8)]
    for walk in walks:
        await walk.run()
    assert sum(walk.arrivals for walk in walks) > len(walks), "walks that pay nothing prove nothing"
