"""Whatever several people do to the reports of a unit, in any order: the service does as a small
model of it says, and its history and its numbers tell the same story."""

import asyncio
from typing import Any

import pytest_asyncio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from servicekit.ids import new_id

PERIOD = "2028-Q3"
PATH = "/api/v1/progress-reports"
STEPS = {
    "submit": {"draft": "submitted", "returned": "resubmitted"},
    "return": {"submitted": "returned", "resubmitted": "returned"},
    "verify": {"submitted": "verified", "resubmitted": "verified"},
    "withdraw": dict.fromkeys(("draft", "submitted", "returned", "resubmitted"), "withdrawn"),
    "edit": {"draft": "draft", "returned": "returned"},
}
UNIT_STEPS = ("submit", "withdraw", "edit")
people = st.sampled_from(["anna", "ben"])


class Model:
    """What the report must be. `hands` are those who made, changed or submitted it."""

    def __init__(self) -> None:
        self.state = ""
        self.hands: set[str] = set()
        self.steps = self.counted = 0
        self.closed = False

    def expected(self, step: str, who: str) -> tuple[int, str]:
        """Status and code of a step; the closed period is told first."""
        if self.closed:
            return 409, "period_closed"
        if self.state not in STEPS[step]:
            return 409, "invalid_transition"
        if step == "verify" and who in self.hands:
            return 403, "separation_of_duties"
        return 200, ""

    def take(self, step: str, who: str) -> None:
        self.state = STEPS[step][self.state]
        self.steps += 1
        self.counted += step == "verify"
        if step in ("submit", "edit"):
            self.hands.add(who)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(world: Any) -> tuple[Any, asyncio.AbstractEventLoop]:
    return world, asyncio.get_running_loop()


def test_reports_do_as_the_model_says(here: tuple[Any, asyncio.AbstractEventLoop]) -> None:
    world, loop = here

    class Reports(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.row: Any = None
            self.edits = 0
            self.code = f"m-{new_id()}"
            self.do(world.indicator(self.code))

        def do(self, waiting: Any) -> Any:
            return loop.run_until_complete(waiting)

        def as_(self, who: str) -> Any:
            """The two are of the office, so that both may report and both may verify."""
            return self.do(world.as_("office", "programme-office", who))

        @rule(who=people)
        def begin(self, who: str) -> None:
            body = {"indicator_code": self.code, "unit_code": "st-bureau", "period": PERIOD}
            answer = self.do(
                self.as_(who).post(PATH, json={**body, "value": "1"}, headers=world.key())
            )
            is_free = self.model.state in ("", "verified", "withdrawn")
            if self.model.closed or not is_free:
                code = "period_closed" if self.model.closed else "report_in_progress"
                assert (answer.status_code, answer.json()["code"]) == (409, code)
                return
            assert answer.status_code == 201, answer.text
            self.row = answer.json()
            self.model.state, self.model.hands, self.model.steps = "draft", {who}, 1

        @rule(who=people, step=st.sampled_from(list(STEPS)))
        def step(self, who: str, step: str) -> None:
            if self.row is None:
                return
            answer = self.do(self.call(self.as_(who), step))
            status, code = self.model.expected(step, who)
            assert answer.status_code == status, answer.text
            if status != 200:
                assert answer.json()["code"] == code
                return
            self.model.take(step, who)
            self.row = answer.json()

        def call(self, client: Any, step: str) -> Any:
            if step == "edit":
                self.edits += 1
                headers = world.etag(self.row)
                body = {"value": str(100 + self.edits)}
                return client.patch(f"{PATH}/{self.row['id']}", json=body, headers=headers)
            reason = {"reason": "r"} if step in ("return", "withdraw") else {}
            return world.step(client, self.row, step, **reason)

        @rule(closes=st.booleans())
        def turn_period(self, closes: bool) -> None:
            if closes != self.model.closed:
                self.turn("close" if closes else "reopen")

        def turn(self, verb: str) -> None:
            period = self.do(world.get(f"reporting-periods/{PERIOD}"))
            path = f"/api/v1/reporting-periods/{PERIOD}/{verb}"
            body = {"reason": "更正"} if verb == "reopen" else None
            answer = self.do(self.as_("anna").post(path, json=body, headers=world.etag(period)))
            assert answer.status_code == 200, answer.text
            self.model.closed = verb == "close"

        @invariant()
        def the_service_tells_what_the_model_does(self) -> None:
            if self.row is None:
                return
            row = self.do(world.get(f"progress-reports/{self.row['id']}"))
            assert row == self.row
            assert (row["state"], set(row["reporters"])) == (self.model.state, self.model.hands)
            done = self.do(world.get(f"progress-reports/{row['id']}/history"))["items"]
            assert len(done) == self.model.steps
            path = f"indicators/{self.code}/observations"
            taken = self.do(world.get(path, include_superseded=True))["items"]
            assert len(taken) == self.model.counted

        def teardown(self) -> None:
            if self.model.closed:
                self.turn("reopen")

    run_state_machine_as_test(
        Reports,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
